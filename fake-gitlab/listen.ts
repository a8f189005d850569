import { once } from "node:events";
import { createServer, type Server as NetServer, type AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";

/** Number of attempts to find a port that is free on every address. */
const TRIES = 5;

/**
 * Makes a server listen on exactly the given addresses.
 * @param hosts addresses, at least one
 * @param port 0 for a port that is free on all of them
 * @returns the port, and a function that closes the additional addresses
 */
export async function listenOn(
  app: FastifyInstance,
  [host = "127.0.0.1", ...others]: readonly string[],
  port: number,
): Promise<{ readonly port: number; readonly close: () => void }> {
  for (let left = TRIES; ; left -= 1) {
    const doors: NetServer[] = [];
    const close = (): void => {
      for (const door of doors) door.close();
    };
    // The additional addresses come first, because Fastify's own server can listen only once.
    try {
      let chosen = port;
      for (const other of others) {
        const door = await openDoor(app, other, chosen);
        doors.push(door);
        chosen = (door.address() as AddressInfo).port;
      }
      await app.listen({ host, port: chosen });
      return { port: (app.server.address() as AddressInfo).port, close };
    } catch (error) {
      close();
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!taken || port !== 0 || left <= 1) throw error;
    }
  }
}

/** Passes the connections to another address to a server. */
async function openDoor(app: FastifyInstance, host: string, port: number): Promise<NetServer> {
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit("connection", socket);
  });
  door.listen(port, host);
  await once(door, "listening");
  return door;
}
