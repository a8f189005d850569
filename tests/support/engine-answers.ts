import { createServer, type RequestListener } from "node:http";
import type { Socket } from "node:net";
import { parseEngine, type Engine } from "../../runner-image/src/system/engine/engine";
import { probeEngine } from "../../runner-image/src/system/engine/probe";

const NEVER = new AbortController().signal;

/** What an engine says about its version. */
export const VERSION = { Version: "20.10.24", ApiVersion: "1.41", MinAPIVersion: "1.12" };
/** Headers of a response to a ping. */
export const PING = { "Api-Version": "1.41", Ostype: "linux" };

/** An engine's answers by path, with or without its query. */
export type Answers = Readonly<
  Record<string, readonly [status: number, body: string, headers?: Record<string, string>]>
>;

/** The answers of a working engine that has nothing. */
export const DOCKER: Answers = {
  "/_ping": [200, "OK", PING],
  "/version": [200, JSON.stringify(VERSION), PING],
  "/containers/json": [200, "[]", PING],
  "/networks": [200, "[]", PING],
  "/volumes": [200, '{"Volumes":[]}', PING],
};

/** Handles connections as an HTTP server does. */
export function serve(answers: Answers): (socket: Socket) => void {
  const listener: RequestListener = (request, response) => {
    const { url = "" } = request;
    const answer = answers[url] ?? answers[url.split("?")[0] ?? ""];
    const [status, body, headers] = answer ?? [404, "page not found\n"];
    response.writeHead(status, headers).end(body);
  };
  const server = createServer(listener);
  return (socket) => server.emit("connection", socket);
}

/** Parses an address. @param certPath folder with certificates, for TLS */
export function engineAt(host: string, certPath?: string): Engine {
  const engine = parseEngine({ host, certPath, tlsVerify: certPath !== undefined });
  if (engine === undefined) throw new Error(`not an address: ${host}`);
  return engine;
}

/** Returns why an engine cannot run jobs, or its versions. */
export async function findReason(engine: Engine, timeoutMs?: number): Promise<string> {
  const answer = await probeEngine(engine, NEVER, timeoutMs);
  return answer.kind === "away" ? answer.reason : `ready: ${answer.version}, API ${answer.api}`;
}
