import { spawn } from "node:child_process";
import { Agent, request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestTls, type RequestOptions as TlsOptions } from "node:https";
import { Duplex } from "node:stream";
import { checkServerIdentity } from "node:tls";
import { checkAlternativeNames } from "../contract/engine-certificate";
import type { EngineAddress, EngineLocation, EngineTls } from "./address";
import { findEngine } from "./environment";

/** How long the engine may take to answer. */
const ANSWER_TIMEOUT_MS = 10_000;

/** The engine answered with an error. */
export class EngineError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** A read-only client of the Docker engine's API. */
export class EngineApi {
  private location: Promise<EngineLocation> | undefined;

  /** @param locate finds the engine at the first call; if this fails, every call fails */
  constructor(private readonly locate: () => EngineLocation | Promise<EngineLocation>) {}

  /** The engine that the environment selects, as `findEngine` describes. */
  static fromEnv(env: Readonly<Record<string, string | undefined>>): EngineApi {
    return new EngineApi(() => findEngine(env));
  }

  /**
   * Gets an object.
   * @param query values that are not strings are sent as JSON
   * @param headers such as the login of a registry. @default none
   * @throws {EngineError} if the engine answers with an error
   * @throws Error that names the engine if it cannot be reached, or does not answer in time
   */
  async get(
    path: string,
    query: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    // Find the engine before the timeout starts: its address may depend on another resource.
    const { host } = await this.find();
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      return JSON.parse(await readText(await this.open(path, query, signal, headers)));
    } catch (error) {
      if (!signal.aborted) throw error;
      const message = `the Docker engine at ${host} did not answer GET ${path} within ${ANSWER_TIMEOUT_MS / 1000} s`;
      throw new Error(message, { cause: error });
    }
  }

  /** Opens an answer as a stream, which lasts until it ends or the signal aborts it. */
  async open(
    path: string,
    query: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<IncomingMessage> {
    const answer = await this.send(`${path}?${encodeQuery(query)}`, signal, headers);
    if (answer.statusCode === 200) return answer;
    const { message } = JSON.parse(await readText(answer)) as { readonly message?: string };
    throw new EngineError(message ?? "no reason given", answer.statusCode ?? 0);
  }

  /** Checks that the engine answers. @throws Error that names the engine if it does not */
  async ping(): Promise<void> {
    await this.find();
    const answer = await this.send("/_ping", AbortSignal.timeout(ANSWER_TIMEOUT_MS));
    answer.resume();
  }

  private find(): Promise<EngineLocation> {
    this.location ??= Promise.resolve().then(this.locate);
    return this.location;
  }

  private async send(
    path: string,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<IncomingMessage> {
    return sendToEngine(await this.find(), { method: "GET", path, signal, headers });
  }
}

/** A request to an engine. */
export interface EngineRequest {
  readonly method: "GET" | "DELETE";
  /** With the query. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a request. @throws Error that names the engine if it cannot be reached */
export function sendToEngine(
  { host, address }: EngineLocation,
  request: EngineRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = address.kind === "tcp" && address.tls !== undefined;
    const options = { ...buildOptions(address), ...request };
    const outgoing = (secure ? requestTls : requestPlain)(options);
    outgoing.on("response", resolve);
    outgoing.on("error", (error) => {
      const message = `the Docker engine at ${host} cannot be reached: ${error.message}`;
      reject(new Error(message, { cause: error }));
    });
    outgoing.end();
  });
}

function buildOptions(address: EngineAddress): TlsOptions {
  switch (address.kind) {
    case "socket":
      return { socketPath: address.path };
    case "tcp":
      return { host: address.host, port: address.port, ...buildTlsOptions(address.tls) };
    case "ssh":
      return { host: "docker", agent: createSshAgent(address.args) };
  }
}

/** Without a CA, the engine's certificate is not verified. The docker provider does the same. */
function buildTlsOptions(tls: EngineTls | undefined): TlsOptions {
  if (tls === undefined) return {};
  const { ca, ...own } = tls;
  if (ca === undefined) return { ...own, rejectUnauthorized: false };
  return {
    ...own,
    ca,
    checkServerIdentity: (host, certificate) =>
      checkAlternativeNames(host, certificate.subjectaltname) ??
      checkServerIdentity(host, certificate),
  };
}

/** Each connection is a separate ssh process that forwards bytes to the engine's socket. */
function createSshAgent(args: readonly string[]): Agent {
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

/** Reads an answer to its end. */
export async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
