import { retryAfterMs } from "./retry-after";

/** A request to GitLab's REST API. */
export interface ApiRequest {
  /** @default `GET` */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | undefined;
  /** Below the address of the API, such as `/runners`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Headers that authenticate the client. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object | undefined;
}

/** What a transport sends. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What a transport received. */
export interface HttpAnswer {
  readonly status: number;
  /** The reason phrase of the status, such as `Bad Gateway`. */
  readonly reason: string;
  /** @param name in lower case */
  readonly header: (name: string) => string | undefined;
  readonly text: string;
}

/**
 * Sends one request. It must not follow redirects, because they could send the token elsewhere.
 * @throws Error if no complete answer arrives
 */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** An answer, with the parts that every client needs. */
export interface ApiAnswer extends HttpAnswer {
  /** The parsed body; undefined if it is not JSON. */
  readonly json: unknown;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;
}

/** How a client reaches one GitLab. */
export interface ApiAccess {
  /** Such as `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
  readonly transport: Transport;
  /**
   * The wall clock, to evaluate a date in `Retry-After` if the server does not send its own time.
   */
  readonly nowMs: () => number;
}

/** Sends one request. @throws Error if no complete answer arrives */
export async function callApi(
  { apiUrl, transport, nowMs }: ApiAccess,
  { method = "GET", path, query = {}, headers = {}, body }: ApiRequest,
): Promise<ApiAnswer> {
  const url = new URL(`${apiUrl}${path}`);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const request = {
    method,
    url,
    headers: {
      accept: "application/json",
      "user-agent": "gitlab-runner-pool",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  return readAnswer(await transport(request), nowMs());
}

/** Parses an answer. @param nowMs the wall clock */
export function readAnswer(answer: HttpAnswer, nowMs: number): ApiAnswer {
  const { text, header } = answer;
  return {
    ...answer,
    json: parseJson(text),
    retryAfterMs: retryAfterMs(header("retry-after"), nowMs, header("date")),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
