import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer, type AddressInfo } from "node:net";

/** Range of random UDP ports: below the ports that Linux gives to clients. */
const UDP_PORTS = { first: 20_000, last: 32_000 } as const;

const UDP_ATTEMPTS = 20;

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

/**
 * A random UDP port that nothing on this machine uses.
 * @throws Error if it finds none
 */
export async function chooseUdpPort(): Promise<number> {
  for (let attempt = 0; attempt < UDP_ATTEMPTS; attempt++) {
    const port = randomInt(UDP_PORTS.first, UDP_PORTS.last);
    if (await isUdpPortFree(port)) return port;
  }
  throw new Error(`found no free UDP port from ${UDP_PORTS.first} to ${UDP_PORTS.last}`);
}

function isUdpPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      resolve(false);
    });
    socket.bind(port, () => {
      socket.close(() => {
        resolve(true);
      });
    });
  });
}
