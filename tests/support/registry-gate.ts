import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";

/** A proxy to a registry that can be closed to some clients, as by a firewall. */
export class RegistryGate implements AsyncDisposable {
  /** Addresses whose connections are closed at once. */
  refused: readonly string[] = [];

  private constructor(private readonly server: Server) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param registry `HOST:PORT` */
  static async open(registry: string): Promise<RegistryGate> {
    const [host = "", port = ""] = registry.split(":");
    const server = createServer((client) => {
      const from = client.remoteAddress?.replace("::ffff:", "") ?? "";
      if (gate.refused.includes(from)) {
        client.destroy();
        return;
      }
      const upstream = connect(Number(port), host);
      client.pipe(upstream).pipe(client);
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.on("error", () => other.destroy());
      }
    });
    const gate = new RegistryGate(server);
    server.listen(0, "0.0.0.0");
    await once(server, "listening");
    return gate;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }
}
