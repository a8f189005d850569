import type { request as openRequest, RequestOptions } from "node:http";
import { join } from "node:path";
import { nameCertificateFiles } from "../../../contract/certificate-files";
import {
  type ApiAnswer,
  callApi,
  type HttpAnswer,
  type HttpRequest,
} from "../../../gitlab-api/call";
import { isRedirect, isTransient } from "../../../gitlab-api/retry-policy";
import { wallClockMs } from "../system/clock";
import { readIfThere } from "../system/files";
import { callHttp } from "../system/http-call";
import { SYSTEM_CERTIFICATES } from "../system/paths";
import { isGitlabRejection, readMessage } from "./gitlab-messages";

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

/** Sends requests to one GitLab. */
export type Gitlab = (request: Request) => Promise<ApiResult>;

/** @param certificates folder with `HOST.crt` files, as for gitlab-runner */
export function connectGitlab(baseUrl: string, certificates: string): Gitlab {
  const apiUrl = `${baseUrl.replace(/\/$/, "")}/api/v4`;
  return async ({ method, path, body, timeoutMs, signal }) => {
    let sent = false;
    const transport = async ({ url, headers, ...call }: HttpRequest): Promise<HttpAnswer> => {
      const { open, options } = await loadClient(url, certificates);
      const response = await callHttp({
        open,
        target: url,
        options: { ...options, method: call.method, headers: withLength(headers, call.body) },
        ...(call.body !== undefined && { body: call.body }),
        timeoutMs,
        signal,
        maxBytes: MAX_RESPONSE_BYTES,
        onConnect: () => {
          sent = true;
        },
      });
      return { ...response, header: (name) => response.headers[name]?.toString() };
    };
    try {
      return read(await callApi({ apiUrl, transport, nowMs: wallClockMs }, { method, path, body }));
    } catch (error) {
      return { kind: "no response", message: describeError(error), sent };
    }
  };
}

/** Without a length, Node.js would send the body in chunks, which some proxies reject. */
function withLength(
  headers: HttpRequest["headers"],
  body: string | undefined,
): RequestOptions["headers"] {
  return body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
}

interface HttpClient {
  readonly open: typeof openRequest;
  readonly options: RequestOptions & { readonly ca?: readonly string[] };
}

/** TLS costs time to load, so it is loaded only where it is used. */
async function loadClient(target: URL, certificates: string): Promise<HttpClient> {
  if (target.protocol === "http:") {
    return { open: (await import("node:http")).request, options: {} };
  }
  const { rootCertificates } = await import("node:tls");
  const extra = [
    SYSTEM_CERTIFICATES,
    join(certificates, nameCertificateFiles(target.origin).authorities),
  ];
  const ca = [...rootCertificates, ...extra.flatMap((file) => readIfThere(file) ?? [])];
  return { open: (await import("node:https")).request, options: { ca } };
}

function read({ status, reason, header, text, json, retryAfterMs }: ApiAnswer): ApiResult {
  const location = header("location");
  if (isRedirect(status) && location !== undefined) {
    const message = `${status} redirects to ${getOrigin(location)}`;
    return { kind: "status", status, body: json, message, retryAfterMs: undefined };
  }
  // A proxy's page does not say anything about the runner.
  if (text !== "" && json === undefined && status < 400) {
    return { kind: "no response", message: `the ${status} response is not JSON`, sent: true };
  }
  const message = readMessage(json) ?? `${status} ${reason}`.trim();
  // A transient status leads to a retry, whether GitLab or a proxy sent it.
  if (status >= 400 && !isTransient(status) && !isGitlabRejection(status, json)) {
    return {
      kind: "no response",
      message: `the ${status} response is not from GitLab: ${message}`,
      sent: true,
    };
  }
  return { kind: "status", status, body: json, message, retryAfterMs };
}

function getOrigin(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : "another address";
}

function describeError(error: unknown): string {
  // Without `instanceof`: in jest, Node.js's own errors belong to another realm.
  const { message, code, errors } = error as Partial<AggregateError & NodeJS.ErrnoException>;
  const inner = errors?.map(String).join("; ");
  return [message, inner, code].find((text) => text !== undefined && text !== "") ?? String(error);
}
