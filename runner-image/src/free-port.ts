import { createServer, type AddressInfo } from "node:net";

/** A port on 127.0.0.1 that nobody uses: with the host's network replicas share the ports. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
