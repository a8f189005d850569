/** GitLab did not do what it was asked for. */
export class GitlabError extends Error {
  constructor(
    message: string,
    /** Whether asking again may help. */
    readonly temporary: boolean,
    /** HTTP status, where there was an answer. */
    readonly status?: number,
    /** Milliseconds that GitLab asks to wait. */
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Statuses that say "not now". */
const TEMPORARY = [408, 425, 429, 500, 502, 503, 504];

/** The error of an answer with another status than 2xx. */
export function errorOfAnswer(what: string, response: Response, text: string): GitlabError {
  const { status, headers } = response;
  const reason = status >= 300 && status < 400 ? redirectReason(headers) : reasonOf(text);
  return new GitlabError(
    `${what}: GitLab answered ${status}${reason === undefined ? "" : ` (${reason})`}`,
    TEMPORARY.includes(status) || status >= 512,
    status,
    retryAfterOf(headers),
  );
}

/** The error of a request that got no whole answer. */
export function errorOfConnection(what: string, apiUrl: string, cause: unknown): GitlabError {
  return new GitlabError(
    `${what}: GitLab at ${apiUrl} cannot be reached: ${rootMessage(cause)}`,
    true,
    undefined,
    undefined,
    { cause },
  );
}

/** `fetch failed` says nothing; what went wrong is in its cause. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const inner = error.cause instanceof Error ? error.cause : error;
  return inner.message === "" ? String((inner as NodeJS.ErrnoException).code) : inner.message;
}

function redirectReason(headers: Headers): string {
  return `a redirect to ${headers.get("location") ?? "nowhere"}; use that address`;
}

/** GitLab's own words: `{"message": …}` or `{"error": …, "error_description": …}`. */
function reasonOf(text: string): string | undefined {
  try {
    const { message, error, error_description } = JSON.parse(text) as Record<string, unknown>;
    const reason = message ?? error_description ?? error;
    return typeof reason === "string" ? reason : JSON.stringify(reason);
  } catch {
    return undefined;
  }
}

function retryAfterOf(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
