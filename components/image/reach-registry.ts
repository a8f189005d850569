import { request, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestTls } from "node:https";
import { getMessage } from "../user-error";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import { buildProxyAuthorization, findProxy } from "../../contract/proxy/find-proxy";
import { getApiUrl } from "./registry-api";

/** How long the registry may take to answer. */
const TIMEOUT_MS = 10_000;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Returns why a registry does not answer; undefined if it does. Any answer counts: a refusal, a
 * page of another server, or a certificate that Node.js does not trust (docker may trust it). The
 * request contains no secrets.
 */
export async function whyUnreachable(
  registry: RegistryAddress,
  env: Env,
): Promise<string | undefined> {
  const url = getApiUrl(registry);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let route = "";
  try {
    const proxy = findProxy(url, env);
    if (proxy !== undefined) route = ` through proxy ${proxy.host}`;
    if (proxy === undefined) await ask(url, signal);
    else await askThrough(proxy, url, signal);
    return undefined;
  } catch (error) {
    return `${url.href}${route}: ${describeError(signal.aborted ? signal.reason : error)}`;
  }
}

/** Sends a request. `fetch` would do the same, but takes Node.js 25 ms to load. */
function ask(url: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const plain = url.protocol === "http:";
    // Do not check certificates: the engine pulls and pushes, so only its trust matters.
    const options = { signal, agent: false, rejectUnauthorized: false };
    const outgoing = (plain ? request : requestTls)(url, options);
    outgoing.on("response", (answer) => {
      answer.resume();
      resolve();
    });
    outgoing.on("socket", (socket) => {
      // A registry that requires a client certificate closes the connection after the handshake.
      socket.once("secureConnect", resolve);
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (isTlsError(error)) resolve();
      else reject(error);
    });
    outgoing.end();
  });
}

/** Whether the other side answered, but not with valid TLS. */
function isTlsError({ code = "" }: NodeJS.ErrnoException): boolean {
  return code === "EPROTO" || /^ERR_(?:SSL|TLS)_/.test(code);
}

/** Asks a proxy to open a connection (for TLS), or to fetch the answer. */
function askThrough(proxy: URL, url: URL, signal: AbortSignal): Promise<void> {
  // Docker supports SOCKS, Node.js does not. So assume that the registry is reachable.
  if (!/^https?:$/.test(proxy.protocol)) return Promise.resolve();
  const target = `${url.hostname}:${url.port || "443"}`;
  const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    headers: { host: url.host, ...buildProxyAuthorization(proxy) },
    signal,
    agent: false,
    rejectUnauthorized: false,
    ...(url.protocol === "https:"
      ? { method: "CONNECT", path: target }
      : { method: "GET", path: url.href }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = (proxy.protocol === "https:" ? requestTls : request)(options);
    const judge = (answer: IncomingMessage) => {
      answer.destroy();
      const { statusCode = 0 } = answer;
      const failed =
        url.protocol === "https:" ? statusCode >= 300 : [407, 502, 503, 504].includes(statusCode);
      if (failed)
        reject(new Error(`the proxy answered ${statusCode} ${answer.statusMessage ?? ""}`.trim()));
      else resolve();
    };
    outgoing.on("response", judge);
    outgoing.on("connect", (answer, socket) => {
      socket.destroy();
      judge(answer);
    });
    outgoing.on("error", reject).end();
  });
}

/** Describes an error. If a name has several addresses, the error has a code but no message. */
function describeError(error: unknown): string {
  const { code = "no reason given" } = error as NodeJS.ErrnoException;
  return getMessage(error) || code;
}
