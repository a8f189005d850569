import { MIN_JOB_ENGINE } from "../../../../contract/engine-api";
import { isObject, parseJson } from "../../../../contract/json";
import { toPlainLine } from "../../../../contract/plain-text";
import { monotonicMs } from "../clock";
import type { HttpResponse } from "../http-call";
import { callEngine } from "./client";
import type { Engine } from "./engine";
import { explainError, type CallError } from "./explain-error";

/** How long an engine may take to answer. */
const TIMEOUT_MS = 10_000;

/** Longest response that is read. */
const MAX_BYTES = 256 * 1024;

/** What an engine answered, or why it cannot run jobs. */
export type EngineAnswer =
  | { readonly kind: "ready"; readonly version: string; readonly api: string }
  | { readonly kind: "away"; readonly reason: string };

/**
 * Asks an engine whether it answers, and for its version. Never rejects.
 * @param signal ends the requests
 */
export async function probeEngine(
  engine: Engine,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<EngineAnswer> {
  // At once, because an old engine takes 10 ms to find out its version.
  const [ping, version] = await Promise.all([
    ask(engine, "/_ping", signal, timeoutMs),
    ask(engine, "/version", signal, timeoutMs),
  ]);
  if (typeof ping === "string") return away(ping);
  const refusal = checkPing(ping);
  if (refusal !== undefined) return away(refusal);
  if (typeof version === "string") return away(version);
  return readVersion(version);
}

/** @returns the response, or the reason why there is none */
async function ask(
  engine: Engine,
  path: string,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<HttpResponse | string> {
  const connection: { exists: boolean } = { exists: false };
  const startedMs = monotonicMs();
  try {
    return await callEngine(engine, {
      ...{ method: "GET", path, timeoutMs, maxBytes: MAX_BYTES, signal },
      onConnect: () => {
        connection.exists = true;
      },
    });
  } catch (error) {
    if (monotonicMs() - startedMs >= timeoutMs) {
      const what = connection.exists
        ? `did not answer GET ${path}`
        : "did not accept the connection";
      return `it ${what} within ${timeoutMs / 1000} s: check the engine and its load`;
    }
    return explainError(engine, error as CallError, connection.exists);
  }
}

/** @returns why the response to a ping is not that of a working engine */
function checkPing({ status, headers, text }: HttpResponse): string | undefined {
  const isDocker = headers["api-version"] !== undefined;
  if (status === 200 && isDocker) return undefined;
  const answered = `GET /_ping with ${status}${describeText(text)}`;
  if (isDocker) return `the engine is not working: it answered ${answered}: check its log`;
  return `it is not a Docker engine: it answered ${answered}${describeServer(headers["server"])}`;
}

function readVersion({ status, text }: HttpResponse): EngineAnswer {
  const answered = `it answered GET /version with ${status}${describeText(text)}`;
  if (status !== 200) {
    return away(
      `${answered}: a proxy in front of the engine must allow all requests of gitlab-runner`,
    );
  }
  const { Version: version, ApiVersion: api } = readObject(text);
  if (typeof version !== "string" || typeof api !== "string" || !/^\d+\.\d+$/.test(api)) {
    return away(`it is not a Docker engine: ${answered}`);
  }
  const plain = toPlainLine(version);
  return isSupported(api)
    ? { kind: "ready", version: plain, api }
    : away(
        `its API is version ${api} (engine ${plain}), and gitlab-runner needs ${MIN_JOB_ENGINE.major}.${MIN_JOB_ENGINE.minor} or later: update the engine to ${MIN_JOB_ENGINE.engine} or later`,
      );
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

function isSupported(api: string): boolean {
  const [major = 0, minor = 0] = api.split(".").map(Number);
  const { major: oldest, minor: oldestMinor } = MIN_JOB_ENGINE;
  return major > oldest || (major === oldest && minor >= oldestMinor);
}

/** The longest quotation of a response. */
const MAX_QUOTED = 80;

/** Quotes the beginning of a response. An engine's own message is in JSON. */
function describeText(text: string): string {
  const { message } = readObject(text);
  const line = toPlainLine(typeof message === "string" ? message : text).trim();
  if (line === "") return "";
  return ` ${JSON.stringify(line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line)}`;
}

function describeServer(server: string | string[] | undefined): string {
  return server === undefined
    ? ""
    : ` (Server: ${toPlainLine(String(server)).slice(0, MAX_QUOTED)})`;
}

function away(reason: string): EngineAnswer {
  return { kind: "away", reason };
}
