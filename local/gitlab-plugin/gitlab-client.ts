/** Where GitLab's API is and who asks. */
export interface GitlabAccess {
  /** With a slash at the end: `https://gitlab.example.com/api/v4/`. */
  readonly baseUrl: string;
  readonly token: string;
}

/** GitLab refused a request. */
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
 * Sends one request to GitLab's API.
 * @returns the body of the answer; undefined if it has none
 * @throws {GitlabError} with GitLab's own message if it refuses
 */
export async function callGitlab(
  { baseUrl, token }: GitlabAccess,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return text === "" ? undefined : JSON.parse(text);
  throw new GitlabError(
    `${method} ${baseUrl}${path}: ${response.status} ${messageIn(text)}`,
    response.status,
  );
}

/** GitLab puts its reason under `message` or `error`, as text or as an object. */
function messageIn(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: unknown; error?: unknown };
    const reason = message ?? error ?? text;
    return typeof reason === "string" ? reason : JSON.stringify(reason);
  } catch {
    return text.slice(0, 200);
  }
}
