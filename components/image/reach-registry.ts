import { describeNetworkError, ProxyError } from "../../http/proxy-error";
import { sendRequest } from "../../http/send-request";
import { findProxy } from "../../contract/proxy/find-proxy";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
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
    // Docker supports SOCKS, Node.js does not. So assume that the registry is reachable.
    if (proxy !== undefined && !/^https?:$/.test(proxy.protocol)) return undefined;
    if (proxy !== undefined) route = ` through proxy ${proxy.host}`;
    await ask(url, proxy, signal);
    return undefined;
  } catch (error) {
    if (error instanceof ProxyError) return `${url.href}: ${error.message}`;
    return `${url.href}${route}: ${describeNetworkError(signal.aborted ? signal.reason : error)}`;
  }
}

/** Sends a request. `fetch` would do the same, but takes Node.js 25 ms to load. */
async function ask(target: URL, proxy: URL | undefined, timeout: AbortSignal): Promise<void> {
  const end = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const answered = sendRequest({
        target,
        proxy,
        method: "GET",
        // Do not check certificates: the engine pulls and pushes, so only its trust matters.
        tls: { rejectUnauthorized: false },
        signal: AbortSignal.any([timeout, end.signal]),
        // A registry that requires a client certificate closes the connection after the handshake.
        onConnect: target.protocol === "https:" ? resolve : undefined,
      });
      answered.then(({ statusCode = 0, statusMessage = "" }) => {
        if (proxy === undefined || ![502, 503, 504].includes(statusCode)) resolve();
        else reject(new Error(`the proxy answered ${statusCode} ${statusMessage}`.trim()));
      }, reject);
    });
  } catch (error) {
    if (!isTlsError(error as NodeJS.ErrnoException)) throw error;
  } finally {
    // Closes the connection.
    end.abort();
  }
}

/** Whether the other side answered, but not with valid TLS. */
function isTlsError({ code = "" }: NodeJS.ErrnoException): boolean {
  return code === "EPROTO" || /^ERR_(?:SSL|TLS)_/.test(code);
}
