import { classify, findRootCause, type Fault, type RootCause } from "./fault";
import { ProxyError, type ProxyFault } from "./proxy-error";

/** What is known about a connection that failed. */
export interface Leg {
  /** `HOST[:PORT]` of the server. */
  readonly host: string;
  /** `HOST:PORT` of the proxy. Undefined for a direct connection. */
  readonly proxy: string | undefined;
  /** Whether the TLS handshake ended, so that the client accepted the server's certificate. */
  readonly isSecured: boolean;
  /** Whether the client has its own certificate. */
  readonly hasIdentity: boolean;
  /** Why certificate authorities that the environment names are missing. */
  readonly problems: readonly string[];
  /** What to do about a fault, instead of the default advice. */
  readonly remedies: Remedies;
}

/** What to do about faults. */
export type Remedies = Readonly<Partial<Record<Fault, string>>>;

/** A request that got no answer. Its message contains no secrets. */
export class HttpError extends Error {
  /**
   * @param reason names the host or the proxy
   * @param remedy what to do; empty if there is no specific advice
   */
  constructor(
    readonly fault: Fault,
    readonly reason: string,
    readonly remedy: string,
    cause: unknown,
  ) {
    super(remedy === "" ? reason : `${reason}: ${remedy}`, { cause });
  }
}

/** How a user names a certificate authority to this program and to Pulumi's plugins. */
export const AUTHORITY_VARIABLES = "SSL_CERT_FILE or NODE_EXTRA_CA_CERTS";

const DEFAULT_REMEDIES: Remedies = {
  "proxy login":
    "write the user and the password in HTTPS_PROXY or HTTP_PROXY, as http://USER:PASSWORD@HOST:PORT with special characters percent-encoded",
  "proxy away": "check HTTPS_PROXY and HTTP_PROXY; NO_PROXY lists hosts that need no proxy",
  "proxy refused":
    "allow the connection on the proxy, or add the host to NO_PROXY if it needs no proxy",
  untrusted: `set ${AUTHORITY_VARIABLES} to a file with its certificate authority`,
  "other name": "correct the address, or issue the certificate for it",
};

/** Creates an error with the default advice, unless `remedies` has other advice. */
function createError(fault: Fault, reason: string, remedies: Remedies, cause?: unknown): HttpError {
  return new HttpError(fault, reason, remedies[fault] ?? DEFAULT_REMEDIES[fault] ?? "", cause);
}

const PROXY_FAULTS: Readonly<Record<ProxyFault, Fault>> = {
  away: "proxy away",
  login: "proxy login",
  refused: "proxy refused",
  unsupported: "proxy not HTTP",
};

/** Explains why a server did not answer. */
export function explain(error: unknown, leg: Leg): HttpError {
  if (error instanceof ProxyError) return explainProxy(error, leg);
  const root = findRootCause(error);
  const fault = isCutOff(root, leg) ? "client certificate" : classify(root);
  const way = leg.proxy === undefined ? "" : `, through the proxy ${leg.proxy}`;
  return createError(fault, `${describe(fault, root, leg)}${way}`, leg.remedies, error);
}

function explainProxy(error: ProxyError, { problems, remedies }: Leg): HttpError {
  const isUntrusted = classify(findRootCause(error)) === "untrusted";
  const reason = [error.message, ...(isUntrusted ? problems : [])].join("; ");
  if (isUntrusted) return createError("untrusted", reason, remedies, error);
  return createError(PROXY_FAULTS[error.fault], reason, remedies, error);
}

/** Some servers close the connection without an alert if the client has no certificate. */
function isCutOff({ code }: RootCause, { isSecured, hasIdentity }: Leg): boolean {
  return code === "ECONNRESET" && isSecured && !hasIdentity;
}

function describe(fault: Fault, { code, message }: RootCause, leg: Leg): string {
  const { host } = leg;
  switch (fault) {
    case "untrusted":
      return `this machine does not trust the certificate of ${host} (${[message, ...leg.problems].join("; ")})`;
    case "other name":
      return `the certificate of ${host} is for another name (${shortenNames(message)})`;
    case "expired":
      return code === "CERT_NOT_YET_VALID"
        ? `the certificate of ${host} is not valid yet by the clock of this machine`
        : `the certificate of ${host}, or of its issuer, has expired`;
    case "client certificate":
      return leg.hasIdentity
        ? `${host} rejects the client certificate (${readAlert(message)})`
        : `${host} requires a client certificate (${readAlert(message)})`;
    case "not TLS":
      return `${host} answers without TLS (${code})`;
    case "unresolved":
    case "refused":
    case "timeout":
    case "proxy away":
    case "proxy login":
    case "proxy refused":
    case "proxy not HTTP":
    case "other":
      return message;
  }
}

/** Removes the beginning, which says the same as the sentence around it. */
function shortenNames(message: string): string {
  return message.replace(/^Hostname\/IP does not match certificate's altnames: /, "");
}

/** Finds the words of a TLS alert in an error of OpenSSL. */
function readAlert(message: string): string {
  return /\b(alert [a-z ]+)/.exec(message)?.[1]?.trim() ?? message;
}
