import { spawn } from "node:child_process";
import { Agent, request, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestTls } from "node:https";
import { Duplex } from "node:stream";
import { engineAddress, engineHost, type EngineAddress } from "./engine-address";

/** Longest wait for the head of an answer (ms). */
const ANSWER_TIMEOUT = 10_000;

/** The engine answered with an error. */
export class EngineError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Reads from the Docker engine's API; it can change nothing. */
export class EngineApi {
  private readonly address: EngineAddress;

  constructor(private readonly env: Readonly<Record<string, string | undefined>>) {
    this.address = engineAddress(env);
  }

  /**
   * Gets an object.
   * @param query values that are no text are sent as JSON
   * @throws {EngineError} if the engine refuses
   * @throws Error that names the engine if it cannot be reached
   */
  async get(path: string, query: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const answer = await this.open(path, query, AbortSignal.timeout(ANSWER_TIMEOUT));
    return JSON.parse(await textOf(answer));
  }

  /** Opens an answer that is read as it comes, until it ends or the signal aborts it. */
  async open(
    path: string,
    query: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const answer = await this.send(`${path}?${encodeQuery(query)}`, signal);
    if (answer.statusCode === 200) return answer;
    const { message } = JSON.parse(await textOf(answer)) as { readonly message?: string };
    throw new EngineError(message ?? "no reason given", answer.statusCode ?? 0);
  }

  /** Whether the engine answers. @throws Error that names the engine if it does not */
  async ping(): Promise<void> {
    const answer = await this.send("/_ping", AbortSignal.timeout(ANSWER_TIMEOUT));
    answer.resume();
  }

  private send(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const secure = this.address.kind === "tcp" && this.address.tls !== undefined;
      const outgoing = (secure ? requestTls : request)({ ...options(this.address), path, signal });
      outgoing.on("response", resolve);
      outgoing.on("error", (error) => {
        const message = `the Docker engine at ${engineHost(this.env)} cannot be reached: ${error.message}`;
        reject(new Error(message, { cause: error }));
      });
      outgoing.end();
    });
  }
}

function options(address: EngineAddress): RequestOptions {
  switch (address.kind) {
    case "socket":
      return { socketPath: address.path };
    case "tcp":
      return { host: address.host, port: address.port, ...address.tls };
    case "ssh":
      return { host: "docker", agent: sshAgent(address.args) };
  }
}

/** Each connection is an ssh of its own that passes bytes to the engine's socket on the other side. */
function sshAgent(args: readonly string[]): Agent {
  const agent = new Agent();
  agent.createConnection = () => {
    const child = spawn("ssh", [...args, "docker", "system", "dial-stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const connection = Duplex.from({ readable: child.stdout, writable: child.stdin });
    child.on("error", (error) => connection.destroy(error));
    connection.on("close", () => child.kill());
    return connection;
  };
  return agent;
}

function encodeQuery(query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(pairs).toString();
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
