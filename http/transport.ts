import type { IncomingMessage } from "node:http";
import { text as readAll } from "node:stream/consumers";
import { findProxy } from "../contract/proxy/find-proxy";
import type { HttpAnswer, HttpRequest, Transport } from "../gitlab-api/call";
import { explain, type Remedies } from "./explain";
import { formatProxy } from "./proxy-error";
import { sendRequest, type TlsOptions } from "./send-request";
import { readTrust, removeRepeated, splitCertificates, type Trust } from "./trust";

type Env = Readonly<Record<string, string | undefined>>;

/** A client's certificate, with its chain, and its key, in PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** How a transport reaches its servers. */
export interface HttpOptions {
  /** Contains the variables of proxies and certificate authorities. */
  readonly env: Env;
  /** From the start of a request to the end of the answer. */
  readonly timeoutMs: number;
  /**
   * Further certificate authorities, in PEM.
   * @default none
   */
  readonly authorities?: readonly string[];
  /**
   * Reads the certificate authorities that the environment names.
   * @default those that this program trusts
   */
  readonly trust?: (env: Env) => Trust;
  /** For servers that ask for a client certificate. @default none */
  readonly identity?: Identity | undefined;
  /** What to do about faults. @default advice that holds for every server */
  readonly remedies?: Remedies;
}

/**
 * Creates the transport of this machine's requests. It uses the proxies of the environment, as Go
 * programs do, and trusts the certificate authorities of Node.js, the distribution, SSL_CERT_FILE
 * and NODE_EXTRA_CA_CERTS. `fetch` uses only those of Node.js and NODE_EXTRA_CA_CERTS.
 *
 * A request that gets no answer fails with an `HttpError` that names the host or the proxy.
 */
export function createTransport(options: HttpOptions): Transport {
  const { env, timeoutMs, identity, remedies = {} } = options;
  let trusted: Promise<Trusted> | undefined;
  return async ({ url, method, headers, body }) => {
    const proxy = findProxy(url, env);
    const signal = AbortSignal.timeout(timeoutMs);
    // Parsing the certificate authorities takes 30 ms, so it happens once.
    if ([url, proxy].some((one) => one?.protocol === "https:")) trusted ??= loadTrust(options);
    const { tls, problems } = (await trusted) ?? { tls: undefined, problems: [] };
    const state = { isConnected: false };
    try {
      const answer = await sendRequest({
        ...{ target: url, method, headers: withLength(headers, body), body, tls, proxy, signal },
        onConnect: () => {
          state.isConnected = true;
        },
      });
      return await readAnswer(answer);
    } catch (error) {
      throw explain(signal.aborted ? timeoutError(timeoutMs) : error, {
        ...{ host: url.host, proxy: proxy && formatProxy(proxy), problems, remedies },
        isSecured: state.isConnected && url.protocol === "https:",
        hasIdentity: identity !== undefined,
      });
    }
  };
}

interface Trusted {
  readonly tls: TlsOptions;
  readonly problems: readonly string[];
}

async function loadTrust({
  env,
  authorities: own = [],
  trust = readTrust,
  identity,
}: HttpOptions): Promise<Trusted> {
  const { createSecureContext } = await import("node:tls");
  const { authorities, problems } = trust(env);
  const ca = removeRepeated([...authorities, ...own.flatMap(splitCertificates)]);
  const ours = identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
  // As Go does: an intermediate authority is enough.
  const trusted = { ca, allowPartialTrustChain: true };
  const secureContext = createSecureContext({ ...trusted, ...ours });
  return { tls: { ...trusted, secureContext }, problems };
}

/** Without a length, Node.js would send the body in chunks, which some proxies reject. */
function withLength(headers: HttpRequest["headers"], body: string | undefined) {
  return body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
}

async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode: status = 0, statusMessage: reason = "", headers } = answer;
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  };
  return { status, reason, header, text: await readAll(answer) };
}

function timeoutError(timeoutMs: number): Error {
  const error = new Error(`no answer within ${timeoutMs / 1000} s`);
  error.name = "TimeoutError";
  return error;
}
