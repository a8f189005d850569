import { fetch, type Dispatcher } from "undici";
import { DEFAULT_RETRIES, withRetries, type Try } from "./retries";

/** GitLab's API, the credentials, and the connection. */
export interface GitlabAccess {
  /** With a trailing slash: `https://gitlab.example.com/api/v4/`. */
  readonly baseUrl: string;
  readonly token: string;
  /**
   * Number of retries after temporary errors.
   * @default 10
   */
  readonly retries?: number;
  /**
   * Waits before the nth retry.
   * @default a growing delay
   */
  readonly wait?: (n: number) => Promise<void>;
  /**
   * The connection to GitLab.
   * @default a direct connection
   */
  readonly dispatcher?: Dispatcher;
}

/** An error response from GitLab. */
export class GitlabError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 30_000;

/**
 * Sends one request to GitLab's API. Retries after 429, a status from 500, and a failed connection.
 * @returns the body of the response; undefined if it has none
 * @throws {GitlabError} with GitLab's own message for any other error
 */
export async function callGitlab(
  access: GitlabAccess,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<unknown> {
  const { retries = DEFAULT_RETRIES, wait } = access;
  return await withRetries(() => send(access, method, path, body), retries, wait);
}

async function send(
  { baseUrl, token, dispatcher }: GitlabAccess,
  method: string,
  path: string,
  body: object | undefined,
): Promise<Try<unknown>> {
  const url = new URL(path, baseUrl).href;
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(dispatcher && { dispatcher }),
    });
    const text = await response.text();
    if (response.ok) return { answer: text === "" ? undefined : JSON.parse(text) };
    const { status } = response;
    const error = new GitlabError(refusal(method, url, status, text), status);
    if (status !== 429 && status < 500) throw error;
    return { again: error };
  } catch (error) {
    if (error instanceof GitlabError || !isUnconnected(error)) throw error;
    return { again: new Error(`${method} ${url}: ${describeReason(error)}`) };
  }
}

/**
 * Formats an error as the official plugin's client does: a 404 without a message, everything else
 * with GitLab's message.
 */
function refusal(method: string, url: string, status: number, text: string): string {
  return status === 404 ? "404 Not Found" : `${method} ${url}: ${status} ${wordsIn(text)}`;
}

function wordsIn(text: string): string {
  try {
    return words(JSON.parse(text));
  } catch {
    return text.slice(0, 200);
  }
}

/** `{error: …}, {error_description: …}`, and lists in brackets. */
function words(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(words).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).map(([name, inner]) => `{${name}: ${words(inner)}}`);
  return parts.sort().join(", ");
}

/**
 * Only these errors prove that GitLab has not seen the request. After any other error, GitLab may
 * have executed it.
 */
const UNCONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

function isUnconnected(error: unknown): boolean {
  return UNCONNECTED.includes(readCode(error) ?? "");
}

function readCode(error: unknown): string | undefined {
  const { cause, code } = error as { readonly cause?: { code?: string }; readonly code?: string };
  return cause?.code ?? code;
}

function describeReason(error: unknown): string {
  const { cause, message } = error as Error & { readonly cause?: Error };
  const inner = cause?.message ?? "";
  return inner === "" ? (readCode(error) ?? message) : inner;
}
