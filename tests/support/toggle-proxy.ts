import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy in front of a server that can refuse connections. */
export interface ToggleProxy extends AsyncDisposable {
  /** URL of the server through the proxy. */
  readonly url: string;
  /** Refuses new connections and closes the open ones. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Redirects new connections to another server and closes the open ones. */
  redirect(target: string): void;
}

/**
 * Starts a proxy in front of a server.
 * @param target the server's URL
 */
export async function startToggleProxy(target: string): Promise<ToggleProxy> {
  const { protocol, hostname } = new URL(target);
  let behind = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    const outgoing = connect(Number(behind.port), behind.hostname);
    keep(incoming);
    keep(outgoing);
    incoming.pipe(outgoing).pipe(incoming);
  });
  const listen = async (on: number) => {
    server.listen(on, hostname);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    cut();
    await closed;
  };
  const own = await listen(0);
  return {
    url: `${protocol}//${hostname}:${own}`,
    close,
    open: async () => {
      await listen(own);
    },
    redirect: (to) => {
      behind = new URL(to);
      cut();
    },
    [Symbol.asyncDispose]: close,
  };
}
