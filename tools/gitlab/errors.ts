import type { ApiAnswer } from "../../gitlab-api/call";
import { isRedirect, isTransient } from "../../gitlab-api/retry-policy";
import { HttpError } from "../../http/explain";
import type { Fault } from "../../http/fault";
import { isObject, readErrorMessage } from "../../gitlab-api/error-message";
import { toPlainLine } from "../../contract/plain-text";

/** Details of a failure in addition to its message. */
export interface Failure {
  /** Whether a retry may succeed. */
  readonly temporary: boolean;
  /** HTTP status, if there was a response. */
  readonly status?: number;
  /** Whether the response is GitLab's own JSON. A proxy in front of GitLab responds with HTML. */
  readonly isGitlabs?: boolean;
  /** How long GitLab asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A failed request to GitLab. */
export class GitlabError extends Error {
  readonly temporary: boolean;
  readonly status: number | undefined;
  readonly isGitlabs: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, failure: Failure) {
    super(message, failure.cause === undefined ? {} : { cause: failure.cause });
    this.temporary = failure.temporary;
    this.status = failure.status;
    this.isGitlabs = failure.isGitlabs ?? false;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/**
 * Whether GitLab itself responded with one of these statuses. A proxy's 404 does not mean that a
 * runner was deleted.
 */
export function isGitlabStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return (
    error instanceof GitlabError &&
    error.isGitlabs &&
    error.status !== undefined &&
    statuses.includes(error.status)
  );
}

/** Maximum length of a reason in characters. */
const MAX_REASON = 300;

/** Creates the error for a response whose status is not 2xx. */
export function statusError(what: string, answer: ApiAnswer): GitlabError {
  const { status, json, retryAfterMs } = answer;
  const reason = isRedirect(status) ? redirectReason(answer) : describeReason(answer);
  const wait =
    retryAfterMs === undefined ? "" : `; try again in ${Math.ceil(retryAfterMs / 1000)} s`;
  return new GitlabError(`${what}: GitLab answered ${status}${reason}${wait}`, {
    temporary: isTransient(status),
    status,
    isGitlabs: isObject(json),
    retryAfterMs,
  });
}

/**
 * Creates the error for a successful response that is a page. A proxy in front of GitLab sends it
 * while GitLab is unavailable.
 */
export function pageError(what: string): GitlabError {
  const message = `${what}: the response is not JSON; is there a proxy in between?`;
  return new GitlabError(message, { temporary: true });
}

/** Reasons that do not change until somebody changes the configuration. */
const LASTING: readonly Fault[] = [
  ...(["untrusted", "other name", "expired", "client certificate"] as const),
  ...(["proxy login", "proxy not HTTP"] as const),
];

/** Creates the error for a request without a complete response. */
export function connectionError(what: string, apiUrl: string, cause: unknown): GitlabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isLasting = cause instanceof HttpError && LASTING.includes(cause.fault);
  const message = `${what}: cannot reach GitLab at ${apiUrl}: ${reason}`;
  return new GitlabError(message, { temporary: !isLasting, cause });
}

function redirectReason({ header }: ApiAnswer): string {
  return ` (a redirect to ${toPlainLine(header("location") ?? "nowhere")}; use that address)`;
}

/** Returns GitLab's own message, or that the response does not come from GitLab. */
function describeReason({ status, json, text, header }: ApiAnswer): string {
  if (isObject(json)) {
    const words = formatMessage(readErrorMessage(json));
    return words === "" ? "" : ` (${shorten(words)})`;
  }
  const type = header("content-type") ?? "";
  if (status === 429 && type.startsWith("text/plain") && text.trim() !== "")
    return ` (${shorten(text)})`;
  return " (not a GitLab response; is there a proxy in between?)";
}

/** Formats a message, a list of messages, or lists of messages by field. */
function formatMessage(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(formatMessage).join(", ");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([field, words]) =>
      field === "error" || field === "base"
        ? formatMessage(words)
        : `${field} ${formatMessage(words)}`,
    )
    .join("; ");
}

function shorten(text: string): string {
  const line = toPlainLine(text).trim();
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line;
}
