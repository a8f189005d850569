import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A call of Docker's API, such as `GET /images/…/json`, without the API version. */
export interface EngineCall {
  readonly method: string;
  readonly path: string;
}

/** Proxies the engine's socket and records every call. */
export class EngineProxy implements AsyncDisposable {
  readonly calls: EngineCall[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  /** The proxy's own socket, as a value for DOCKER_HOST. */
  get dockerHost(): string {
    return `unix://${join(this.folder, "docker.sock")}`;
  }

  /** @param dockerHost the engine's own socket */
  static async start(dockerHost: string): Promise<EngineProxy> {
    const socketPath = dockerHost.replace(/^unix:\/\//, "");
    const folder = await mkdtemp(join(tmpdir(), "engine-proxy-"));
    const server = createServer();
    const proxy = new EngineProxy(folder, server);
    proxy.forward(socketPath);
    await new Promise<void>((resolve) => server.listen(join(folder, "docker.sock"), resolve));
    return proxy;
  }

  private forward(socketPath: string): void {
    const { server, sockets } = this;
    server.on("connection", (socket: Socket) => sockets.add(socket));
    server.on("request", (incoming, outgoing) => {
      this.note(incoming);
      const { method, url, headers } = incoming;
      const onward = request({ socketPath, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      incoming.pipe(onward);
    });
    // A BuildKit build and `docker exec` upgrade the connection to a raw stream.
    server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      this.note(incoming);
      const onward = connect(socketPath, () => {
        onward.write(`${incoming.method ?? "POST"} ${incoming.url ?? "/"} HTTP/1.1\r\n`);
        const { rawHeaders } = incoming;
        for (let i = 0; i < rawHeaders.length; i += 2) {
          onward.write(`${rawHeaders[i] ?? ""}: ${rawHeaders[i + 1] ?? ""}\r\n`);
        }
        onward.write("\r\n");
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
    });
  }

  private note({ method = "", url = "" }: IncomingMessage): void {
    this.calls.push({ method, path: url.replace(/^\/v[\d.]+/, "") });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }
}
