import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo } from "node:net";

/** A proxy to a registry that requires a login for every request, as a private registry does. */
export class LoginGate implements AsyncDisposable {
  /** Users that have logged in. */
  readonly users = new Set<string>();
  /** Addresses of the uploads that clients started, whether they still exist or not. */
  readonly uploads: string[] = [];

  private constructor(private readonly server: Server) {}

  /** `HOST:PORT` */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /**
   * @param registry `HOST:PORT`
   * @param passwords by user
   */
  static async open(registry: string, passwords: ReadonlyMap<string, string>): Promise<LoginGate> {
    const [hostname = "", port = ""] = registry.split(":");
    const server = createServer((incoming, response) => {
      const [, basic = ""] = (incoming.headers.authorization ?? "").split(" ");
      const [user = "", password] = Buffer.from(basic, "base64").toString("utf8").split(":");
      if (passwords.get(user) !== password || password === undefined) {
        response.setHeader("www-authenticate", 'Basic realm="registry"');
        response.writeHead(401, { "docker-distribution-api-version": "registry/2.0" }).end();
        return;
      }
      gate.users.add(user);
      const { method, url, headers } = incoming;
      const others = { ...headers };
      delete others.authorization;
      const outgoing = request({ hostname, port, method, path: url, headers: others }, (answer) => {
        if (method === "POST" && answer.statusCode === 202) {
          gate.uploads.push(answer.headers.location ?? "");
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on("error", () => response.destroy());
      incoming.pipe(outgoing);
    });
    const gate = new LoginGate(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return gate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
