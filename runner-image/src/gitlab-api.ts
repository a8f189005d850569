import type { IncomingMessage, request as openRequest, RequestOptions } from "node:http";
import { join } from "node:path";
import { readIfThere } from "./files";

/** What GitLab said, or why nothing came. */
export type Answer =
  | {
      readonly kind: "status";
      readonly status: number;
      /** The body if it is JSON. */
      readonly body: unknown;
      /** GitLab's own words, or the status line. */
      readonly message: string;
      /** How long GitLab asks to wait (ms). */
      readonly retryAfter: number | undefined;
    }
  | {
      readonly kind: "no answer";
      readonly message: string;
      /** The request was on its way: GitLab may have done what it was asked. */
      readonly sent: boolean;
    };

export interface Request {
  readonly method: "POST" | "DELETE";
  /** Below /api/v4. */
  readonly path: string;
  readonly body: object;
  /** Milliseconds from the start to the end of the answer. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/** Sends requests to one GitLab. */
export type Gitlab = (request: Request) => Promise<Answer>;

/** Bundle of a distribution's certificates: gitlab-runner trusts it, Node does not by itself. */
const SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** @param certificates folder with `HOST.crt` files, as gitlab-runner uses them */
export function connectGitlab(baseUrl: string, certificates: string): Gitlab {
  const url = new URL(baseUrl);
  return async (request) => {
    const target = new URL(`${url.pathname.replace(/\/$/, "")}/api/v4${request.path}`, url);
    const way: Way = { sent: false };
    const deadline = AbortSignal.timeout(request.timeout);
    try {
      return await send(target, request, await transport(target, certificates), deadline, way);
    } catch (error) {
      const late = `no answer in ${request.timeout / 1000} s`;
      const message = deadline.aborted ? late : reasonOf(error);
      return { kind: "no answer", message, sent: way.sent };
    }
  };
}

/** How far a request came. */
interface Way {
  sent: boolean;
}

interface Transport {
  readonly request: typeof openRequest;
  readonly options: RequestOptions & { readonly ca?: readonly string[] };
}

/** TLS costs time to load, so it is loaded only where it is used. */
async function transport(target: URL, certificates: string): Promise<Transport> {
  if (target.protocol === "http:") {
    return { request: (await import("node:http")).request, options: {} };
  }
  const { rootCertificates } = await import("node:tls");
  const extra = [SYSTEM_CERTIFICATES, join(certificates, `${target.hostname}.crt`)];
  const ca = [...rootCertificates, ...extra.flatMap((file) => readIfThere(file) ?? [])];
  return { request: (await import("node:https")).request, options: { ca } };
}

async function send(
  target: URL,
  request: Request,
  { request: open, options }: Transport,
  deadline: AbortSignal,
  way: Way,
): Promise<Answer> {
  const signal =
    request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  const body = JSON.stringify(request.body);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      accept: "application/json",
      "user-agent": "gitlab-runner-pool",
    };
    const outgoing = open(target, {
      ...options,
      method: request.method,
      headers,
      signal,
      agent: false,
    });
    outgoing.on("socket", (socket) => {
      socket.once(target.protocol === "http:" ? "connect" : "secureConnect", () => {
        way.sent = true;
      });
    });
    outgoing.on("response", resolve).on("error", reject).end(body);
  });
  return readAnswer(answer);
}

async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const status = answer.statusCode ?? 0;
  const body = parseJson(text);
  const location = answer.headers.location;
  if (status >= 300 && status < 400 && location !== undefined) {
    const message = `${status} redirects to ${originOf(location)}`;
    return { kind: "status", status, body, message, retryAfter: undefined };
  }
  // A proxy's page in place of GitLab's answer says nothing about the runner.
  if (text !== "" && body === undefined && status < 400) {
    return { kind: "no answer", message: `the answer ${status} is no JSON`, sent: true };
  }
  const message = messageIn(body) ?? `${status} ${answer.statusMessage ?? ""}`.trim();
  const seconds = Number(answer.headers["retry-after"] ?? NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return { kind: "status", status, body, message, retryAfter };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** GitLab's errors are `{"message": text or object}` or `{"error": text}`. */
function messageIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { message, error } = body as { readonly message?: unknown; readonly error?: unknown };
  const said = message ?? error;
  if (said === undefined) return undefined;
  return typeof said === "string" ? said : JSON.stringify(said);
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : "another address";
}

function reasonOf(error: unknown): string {
  // Not by `instanceof`: an error of Node's own is none of the tests' realm.
  const { message, code, errors } = error as Partial<AggregateError & NodeJS.ErrnoException>;
  const inner = errors?.map(String).join("; ");
  return [message, inner, code].find((text) => text !== undefined && text !== "") ?? String(error);
}
