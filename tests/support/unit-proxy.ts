import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A forward proxy inside the test, which reaches every name on this machine. */
export interface UnitProxy extends AsyncDisposable {
  /** `HOST:PORT` */
  readonly address: string;
  /** What clients asked for, such as `CONNECT gitlab.test:443`, with the status of the answer. */
  readonly asked: readonly string[];
}

/**
 * Starts a forward proxy for unit tests. The real one, in forward-proxy.ts, takes longer to start
 * and resolves names.
 * @param login `USER:PASSWORD` that it requires. @default it requires none
 * @param refuse the status line with which it answers every CONNECT, such as `403 Filtered`
 */
export async function startUnitProxy({
  login,
  refuse,
}: { readonly login?: string; readonly refuse?: string } = {}): Promise<UnitProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const expected = login === undefined ? undefined : `Basic ${btoa(login)}`;
  const judge = ({ method = "", url = "", headers }: IncomingMessage): boolean => {
    const isAllowed = expected === undefined || headers["proxy-authorization"] === expected;
    asked.push(`${method} ${url}${isAllowed ? "" : " 407"}`);
    return isAllowed;
  };
  const server = createServer((incoming, response) => {
    if (!judge(incoming)) {
      response.writeHead(407).end("<html>login</html>");
      return;
    }
    const { port, pathname, search } = new URL(incoming.url ?? "");
    const { method, headers } = incoming;
    const options = { host: "127.0.0.1", port, path: `${pathname}${search}`, method, headers };
    const outgoing = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  });
  server.on("connect", (incoming, client) => {
    client.on("error", () => client.destroy());
    if (!judge(incoming)) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    if (refuse !== undefined) {
      client.end(`HTTP/1.1 ${refuse}\r\n\r\n`);
      return;
    }
    const port = Number(/:(\d+)$/.exec(incoming.url ?? "")?.[1]);
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
