import { isObject, parseJson } from "../../../../contract/json";
import { toPlainLine } from "../../../../contract/plain-text";
import { callEngine } from "./client";
import type { Engine } from "./engine";
import { explainError, type CallError } from "./explain-error";

/** Longest response that is read. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** How long the engine may take to answer. It may have to kill a job first. */
const RESPONSE_TIMEOUT_MS = 30_000;

/** Limits of a request. */
export interface RequestLimits {
  /** @default 30 seconds */
  readonly timeoutMs?: number;
  /** Cancels the request. */
  readonly signal?: AbortSignal;
}

/**
 * What became of an object: `in use` if the engine refuses to remove it now, `gone` if somebody
 * else has removed it.
 */
export type Removal = "removed" | "gone" | "in use";

/**
 * Asks an engine for objects, and returns those in its response.
 * @throws Error with the reason if it does not list them
 */
export async function listObjects(
  engine: Engine,
  path: string,
  limits: RequestLimits = {},
): Promise<unknown> {
  return parseJson(await readText(engine, path, limits));
}

/** Asks an engine, and returns the text of its response. @throws Error if there is none */
export async function readText(
  engine: Engine,
  path: string,
  limits: RequestLimits = {},
): Promise<string> {
  const { status, text } = await send(engine, "GET", path, limits);
  if (status !== 200) throw createError("GET", path, status, text);
  return text;
}

/** Removes an object. @throws Error with the reason if the engine does not, or not at once */
export async function mustRemove(
  engine: Engine,
  path: string,
  limits: RequestLimits = {},
): Promise<void> {
  const { status, text } = await send(engine, "DELETE", path, limits);
  // 404: somebody else has removed it.
  if (![200, 204, 404].includes(status)) throw createError("DELETE", path, status, text);
}

/**
 * Removes an object.
 * @param limits with `inUse`: further statuses with which the engine says that it is in use
 * @throws Error with the reason if the engine neither does nor may later
 */
export async function removeObject(
  engine: Engine,
  path: string,
  limits: RequestLimits & { readonly inUse?: readonly number[] } = {},
): Promise<Removal> {
  const { status, text } = await send(engine, "DELETE", path, limits);
  if (status === 204 || status === 200) return "removed";
  if (status === 404) return "gone";
  // Of a container, 409 means that its removal is in progress.
  if (status === 409 || limits.inUse?.includes(status) === true) return "in use";
  throw createError("DELETE", path, status, text);
}

/** Writes filters as the engine's API expects them in a query. */
export function formatFilters(filters: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(filters))}`;
}

function send(
  engine: Engine,
  method: "GET" | "DELETE",
  path: string,
  { timeoutMs = RESPONSE_TIMEOUT_MS, signal }: RequestLimits,
) {
  return callEngine(engine, {
    ...{ method, path, timeoutMs, maxBytes: MAX_RESPONSE_BYTES },
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    const reason = explainError(engine, error as CallError, true);
    throw new Error(`${describe(method, path)}: ${reason}`);
  });
}

function createError(method: string, path: string, status: number, text: string): Error {
  const answer = parseJson(text);
  const message = isObject(answer) ? answer["message"] : text;
  const line = typeof message === "string" ? toPlainLine(message).trim() : "";
  const quoted = line === "" ? "" : ` ${JSON.stringify(line)}`;
  return new Error(`${describe(method, path)}: the engine answered ${status}${quoted}`);
}

function describe(method: string, path: string): string {
  return `${method} ${path.split("?")[0] ?? ""}`;
}
