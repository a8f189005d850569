import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** A way to an engine that a test can close. */
export interface EngineProxy extends AsyncDisposable {
  /** Address as a value for DOCKER_HOST. */
  readonly host: string;
  /** Connections accepted so far. */
  readonly accepted: number;
}

/** How a proxy handles a connection. */
type Handler = (incoming: Socket) => void;

/**
 * The engine keeps sending a job's output after its client has closed one direction, so both
 * directions must close independently.
 */
const HALF_OPEN = { allowHalfOpen: true };

/** Forwards connections to an engine's socket, or to another server. */
export function forwardTo(target: string | { host: string; port: number }): Handler {
  return (incoming) => {
    const address = typeof target === "string" ? { path: target } : target;
    const outgoing = connect({ ...address, ...HALF_OPEN });
    outgoing.on("error", () => incoming.destroy()).on("close", () => incoming.destroy());
    incoming.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  };
}

/** Listens on a socket. @param path the new socket */
export async function listenOnSocket(path: string, handle: Handler): Promise<EngineProxy> {
  const { server, proxy } = prepare(createServer(HALF_OPEN), "connection", handle);
  server.listen(path);
  await once(server, "listening");
  return proxy(`unix://${path}`);
}

/**
 * Listens on TCP, with TLS if certificates are given.
 * @param hostname the address to listen on
 * @param tls with `ca`, clients need a certificate of that CA, as Docker's `--tlsverify` requires
 * @param port 0 for any free port
 */
export async function listenOnTcp(
  hostname: string,
  handle: Handler,
  tls?: TlsOptions,
  port = 0,
): Promise<EngineProxy> {
  const { server, proxy } =
    tls === undefined
      ? prepare(createServer(HALF_OPEN), "connection", handle)
      : prepare(createTlsServer({ ...tls, ...HALF_OPEN }), "secureConnection", handle);
  server.listen(port, hostname);
  await once(server, "listening");
  return proxy(`tcp://${hostname}:${(server.address() as AddressInfo).port}`);
}

function prepare(server: Server, event: string, handle: Handler) {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  });
  server.on(event, (socket: Socket) => {
    accepted += 1;
    socket.on("error", () => socket.destroy());
    handle(socket);
  });
  const proxy = (host: string): EngineProxy => ({
    host,
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
  return { server, proxy };
}
