import { createServer, type AddressInfo } from "node:net";

/** Finds a free port on 127.0.0.1. With the host's network, replicas on a node share all ports. */
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
