import * as z from "zod/mini";
import { GitlabError, errorOfAnswer, errorOfConnection } from "./errors";

/** Longest wait for one answer (ms). */
const REQUEST_TIMEOUT = 10_000;

/** GitLab's largest page. */
const PAGE_SIZE = 100;

/** More pages than any real list has: a server that never ends its list must not keep a tool busy for ever. */
const MAX_PAGES = 500;

/** Where GitLab's API is and who asks. */
export interface GitlabAccess {
  /** Such as `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
  /** Personal, group or project access token; never shown. Without one only what a runner token may do works. */
  readonly token: string | undefined;
}

export interface GitlabRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly json: unknown;
  readonly headers: Headers;
}

/** Speaks GitLab's REST API: each call is one attempt, `retrying` repeats. */
export class GitlabClient {
  constructor(private readonly access: GitlabAccess) {}

  /**
   * Sends a request and checks the answer.
   * @throws {GitlabError} if GitLab refuses, cannot be reached or answers something else
   */
  async call<T>(path: string, schema: z.ZodMiniType<T>, request: GitlabRequest = {}): Promise<T> {
    const { json } = await this.send(path, request);
    return check(path, schema, json);
  }

  /** Reads all pages of a list. @throws {GitlabError} as `call` does */
  async list<T>(
    path: string,
    schema: z.ZodMiniType<T>,
    query: GitlabRequest["query"] = {},
  ): Promise<readonly T[]> {
    const items: T[] = [];
    let page: string | undefined = "1";
    for (let count = 0; page !== undefined; count += 1) {
      if (count === MAX_PAGES) throw new GitlabError(`the list ${path} does not end`, false);
      const answer = await this.send(path, { query: { ...query, per_page: PAGE_SIZE, page } });
      items.push(...check(path, z.array(schema), answer.json));
      page = nextPage(answer.headers);
    }
    return items;
  }

  private async send(
    path: string,
    { method = "GET", query = {}, body }: GitlabRequest,
  ): Promise<Answer> {
    const url = `${this.access.apiUrl}${path}${encodeQuery(query)}`;
    const what = `${method} ${path}`;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(this.access.token === undefined ? {} : { "PRIVATE-TOKEN": this.access.token }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would take the token to another place.
        redirect: "manual",
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      });
      const text = await response.text();
      if (!response.ok) throw errorOfAnswer(what, response, text);
      return { json: text === "" ? undefined : parseJson(what, text), headers: response.headers };
    } catch (error) {
      throw error instanceof GitlabError
        ? error
        : errorOfConnection(what, this.access.apiUrl, error);
    }
  }
}

function encodeQuery(query: NonNullable<GitlabRequest["query"]>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) params.set(key, String(value));
  }
  return params.size === 0 ? "" : `?${params.toString()}`;
}

function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in front of GitLab answers in HTML while GitLab is away.
    throw new GitlabError(`${what}: the answer is no JSON; is there a proxy in between?`, true);
  }
}

function check<T>(path: string, schema: z.ZodMiniType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new GitlabError(
    `GitLab's answer to ${path} is not as expected: ${z.prettifyError(parsed.error)}`,
    false,
  );
}

/** GitLab leaves X-Next-Page empty on the last page, and away on some large lists. */
function nextPage(headers: Headers): string | undefined {
  const next = headers.get("x-next-page");
  if (next !== null) return next === "" ? undefined : next;
  const link = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
  return link === undefined ? undefined : (new URL(link).searchParams.get("page") ?? undefined);
}
