import * as z from "zod/mini";
import { type ApiAnswer, type ApiRequest, type Transport, callApi } from "../../gitlab-api/call";
import { GitlabError, statusError, connectionError, pageError } from "./errors";

/** GitLab's maximum page size. */
const PAGE_SIZE = 100;

/** More pages than any real list has. An endless list must not block a tool forever. */
const MAX_PAGES = 500;

/** GitLab's API and the credentials for it. */
export interface GitlabAccess {
  /** Such as `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
  /**
   * Personal, group or project access token, which is never shown. Without one, only requests with
   * a runner token work.
   */
  readonly token: string | undefined;
  /** As `connectGitlab` creates it. */
  readonly transport: Transport;
}

export type GitlabRequest = Pick<ApiRequest, "method" | "query" | "body">;

/** What a client reads from a successful response. */
type SuccessfulResponse = Pick<ApiAnswer, "json" | "header">;

/** A client of GitLab's REST API. Each call makes one attempt; `retrying` repeats it. */
export class GitlabClient {
  constructor(private readonly access: GitlabAccess) {}

  /**
   * Sends a request and checks the response.
   * @throws {GitlabError} if GitLab rejects it, cannot be reached, or responds with something else
   */
  async call<T>(path: string, schema: z.ZodMiniType<T>, request: GitlabRequest = {}): Promise<T> {
    const { json } = await this.send(path, request);
    return check(path, schema, json);
  }

  /**
   * Reads all pages of a list.
   * @throws {GitlabError} as `call` does
   */
  async list<T>(
    path: string,
    schema: z.ZodMiniType<T>,
    query: GitlabRequest["query"] = {},
  ): Promise<readonly T[]> {
    const items: T[] = [];
    let page: string | undefined = "1";
    for (let count = 0; page !== undefined; count += 1) {
      if (count === MAX_PAGES)
        throw new GitlabError(`the list ${path} has more than ${MAX_PAGES} pages`, {
          temporary: false,
        });
      const answer = await this.send(path, { query: { ...query, per_page: PAGE_SIZE, page } });
      items.push(...check(path, z.array(schema), answer.json));
      page = nextPage(answer.header);
    }
    return items;
  }

  private async send(path: string, request: GitlabRequest): Promise<SuccessfulResponse> {
    const { apiUrl, token, transport } = this.access;
    const access = { apiUrl, transport, nowMs: Date.now };
    const headers = token === undefined ? {} : { "private-token": token };
    const what = `${request.method ?? "GET"} ${path}`;
    const answer = await callApi(access, { ...request, path, headers }).catch((error: unknown) => {
      throw connectionError(what, apiUrl, error);
    });
    if (answer.status < 200 || answer.status > 299) throw statusError(what, answer);
    if (answer.json === undefined && answer.text !== "") throw pageError(what);
    return answer;
  }
}

function check<T>(path: string, schema: z.ZodMiniType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new GitlabError(
    `unexpected response from GitLab to ${path}: ${z.prettifyError(parsed.error)}`,
    { temporary: false },
  );
}

/** GitLab sends an empty X-Next-Page on the last page, and omits it for some large lists. */
function nextPage(header: SuccessfulResponse["header"]): string | undefined {
  const next = header("x-next-page");
  if (next !== undefined) return next === "" ? undefined : next;
  const link = /<([^>]+)>;\s*rel="next"/.exec(header("link") ?? "")?.[1];
  return link === undefined ? undefined : (new URL(link).searchParams.get("page") ?? undefined);
}
