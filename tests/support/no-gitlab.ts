import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** How a server that is not GitLab handles a request, byte by byte. */
export type RawAnswer = (socket: Socket) => void;

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/** Responses that block a careless client forever, or fill its memory or its log. */
export const RAW_ANSWERS = {
  "switches protocols": (socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
  },
  "sends without end": (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    const timer = setInterval(() => socket.write("1\r\n \r\n"), 50);
    socket.on("close", () => {
      clearInterval(timer);
    });
  },
  "sends 5 MB": (socket) => {
    const body = JSON.stringify({ message: "x".repeat(5_000_000) });
    socket.write(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`);
  },
  "answers with a list": (socket) => {
    socket.write(`${HEAD}Content-Length: 2\r\n\r\n[]`);
  },
} as const satisfies Readonly<Record<string, RawAnswer>>;

export interface RawServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server that responds to every request in the same way. */
export async function startRawServer(answer: RawAnswer): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    socket.once("data", () => {
      answer(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
