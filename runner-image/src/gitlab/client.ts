import type { OutgoingHttpHeaders } from "node:http";
import {
  type ApiAnswer,
  callApi,
  type HttpAnswer,
  type HttpRequest,
} from "../../../gitlab-api/call";
import { isRedirect, isTransient } from "../../../gitlab-api/retry-policy";
import { findProxy } from "../../../contract/proxy/find-proxy";
import { formatProxy } from "../../../http/proxy-error";
import { wallClockMs } from "../system/clock";
import { callHttp } from "../system/http-call";
import {
  describeProxy,
  explainClientCertificate,
  explainError,
  isClientCertificatePage,
  isUnsent,
  type Route,
} from "./explain-error";
import { adviseOnLogin, adviseOnRefusal } from "./explain-proxy";
import { isGitlabRejection, readMessage } from "./gitlab-messages";
import { createTls } from "./tls";

/**
 * GitLab's response, or why there is none. A response from something in between, such as a proxy,
 * also counts as none.
 */
export type ApiResult =
  | {
      readonly kind: "status";
      readonly status: number;
      /** The body if it is JSON. */
      readonly body: unknown;
      /** GitLab's own message, or the status line. */
      readonly message: string;
      /** How long GitLab asks to wait. */
      readonly retryAfterMs: number | undefined;
    }
  | {
      readonly kind: "no response";
      readonly message: string;
      /** The request was sent, so GitLab may have acted on it. */
      readonly sent: boolean;
    };

export interface Request {
  readonly method: "POST" | "DELETE";
  /** Below /api/v4. */
  readonly path: string;
  readonly body: object;
  /** Milliseconds from the start of the request to the end of the response. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** GitLab's responses to a replica are far shorter. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** How far a request has come. */
type Progress = { -readonly [K in keyof Route]: Route[K] } & { sent: boolean };

/** Sends requests to one GitLab. */
export type Gitlab = (request: Request) => Promise<ApiResult>;

/**
 * @param certificates folder with `HOST.crt`, `HOST.auth.crt` and `HOST.auth.key`, as for
 * gitlab-runner
 * @param env may have HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as for gitlab-runner
 */
export function connectGitlab(
  baseUrl: string,
  certificates: string,
  env: NodeJS.ProcessEnv = process.env,
): Gitlab {
  const apiUrl = `${baseUrl.replace(/\/$/, "")}/api/v4`;
  return async ({ method, path, body, timeoutMs, signal }) => {
    const route: Progress = { baseUrl, certificates, sent: false };
    const transport = async ({ url, headers, ...call }: HttpRequest): Promise<HttpAnswer> => {
      const proxy = findProxy(url, env);
      if (proxy !== undefined) route.proxy = formatProxy(proxy);
      const response = await callHttp({
        target: url,
        method: call.method,
        headers: withLength(headers, call.body),
        tls: usesTls(url, proxy) ? await createTls(certificates, baseUrl) : undefined,
        body: call.body,
        proxy,
        timeoutMs,
        signal,
        maxBytes: MAX_RESPONSE_BYTES,
        onConnect: () => {
          route.sent = true;
        },
      });
      return { ...response, header: (name) => response.headers[name]?.toString() };
    };
    try {
      const answer = await callApi(
        { apiUrl, transport, nowMs: wallClockMs },
        { method, path, body },
      );
      return read(answer, route);
    } catch (error) {
      return {
        kind: "no response",
        message: explainError(error, route),
        sent: route.sent && !isUnsent(error),
      };
    }
  };
}

/** Like gitlab-runner, verifies a proxy with the same authorities as GitLab. */
function usesTls(...urls: readonly (URL | undefined)[]): boolean {
  return urls.some((url) => url?.protocol === "https:");
}

/** Without a length, Node.js would send the body in chunks, which some proxies reject. */
function withLength(
  headers: HttpRequest["headers"],
  body: string | undefined,
): OutgoingHttpHeaders {
  return body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
}

function read(answer: ApiAnswer, route: Route): ApiResult {
  const { status, reason, header, text, json, retryAfterMs } = answer;
  const location = header("location");
  if (isRedirect(status) && location !== undefined) {
    const message = `${status} redirects to ${getOrigin(location)}`;
    return { kind: "status", status, body: json, message, retryAfterMs: undefined };
  }
  // A proxy's page does not say anything about the runner.
  if (text !== "" && json === undefined && status < 400) {
    return noResponse(`the ${status} response is not JSON${describeProxy(route)}`);
  }
  if (isClientCertificatePage(status, text)) {
    const message = explainClientCertificate(route, `${status} ${reason}`);
    return { kind: "no response", message, sent: false };
  }
  const message = readMessage(json) ?? `${status} ${reason}`.trim() + describeProxy(route);
  // A transient status leads to a retry, whether GitLab or a proxy sent it.
  if (status >= 400 && !isTransient(status) && !isGitlabRejection(status, json)) {
    const advice = adviseOnStatus(status, route);
    return noResponse(`the ${status} response is not from GitLab: ${message}${advice}`);
  }
  return { kind: "status", status, body: json, message, retryAfterMs };
}

/** What to do about a response that is not from GitLab, in parentheses; empty if it is unclear. */
function adviseOnStatus(status: number, { baseUrl, proxy }: Route): string {
  // A server that GitLab shares with other pages answers so outside of GitLab's path.
  if (status === 404) return " (if this lasts, correct the path in `gitlabUrl`)";
  if (proxy === undefined) return "";
  // tinyproxy answers 401 to a wrong login.
  if (status === 401) return ` (if it is from the proxy, ${adviseOnLogin(baseUrl)})`;
  return status === 403 ? ` (if it is from the proxy, ${adviseOnRefusal(baseUrl)})` : "";
}

function noResponse(message: string): ApiResult {
  return { kind: "no response", message, sent: true };
}

function getOrigin(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : "another address";
}
