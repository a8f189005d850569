import { createServer, type AddressInfo } from "node:net";

/** True if nothing listens on a port of this machine, on any address. */
function isFree(port: number): Promise<boolean> {
  return listen(port).then(
    () => true,
    () => false,
  );
}

/** The preferred port, or a free one if it is in use. */
export async function choosePort(preferred: number): Promise<number> {
  return (await isFree(preferred)) ? preferred : listen(0);
}

/** Listens briefly. @returns the port */
function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => {
        resolve(bound);
      });
    });
  });
}
