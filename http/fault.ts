/** Why a request got no answer. */
export type Fault =
  | "unresolved"
  | "refused"
  | "timeout"
  | "not TLS"
  | "untrusted"
  | "other name"
  | "expired"
  | "client certificate"
  | "proxy away"
  | "proxy login"
  | "proxy refused"
  | "proxy not HTTP"
  | "other";

const CODES: Readonly<Record<string, Fault>> = {
  ENOTFOUND: "unresolved",
  EAI_AGAIN: "unresolved",
  EAI_NODATA: "unresolved",
  ECONNREFUSED: "refused",
  DEPTH_ZERO_SELF_SIGNED_CERT: "untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "untrusted",
  CERT_SIGNATURE_FAILURE: "untrusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "other name",
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "expired",
};

/**
 * Alerts of TLS that a server sends because of the client's certificate: handshake failure, bad,
 * unsupported, revoked, expired or unknown certificate, unknown authority, certificate required.
 */
const CLIENT_ALERTS = [40, 42, 43, 44, 45, 46, 48, 116];

/** An error of Node.js. */
export interface RootCause {
  readonly name: string;
  /** Such as `ECONNREFUSED`; empty if there is none. */
  readonly code: string;
  readonly message: string;
}

/** Finds the error of Node.js in an error of a client. */
export function findRootCause(error: unknown): RootCause {
  if (typeof error !== "object" || error === null) {
    return { name: "", code: "", message: String(error) };
  }
  const { cause, errors, name, code, message } = error as Readonly<Record<string, unknown>>;
  if (cause !== undefined) return findRootCause(cause);
  // One error for each address of the host.
  if (Array.isArray(errors) && errors.length > 0) return findRootCause(errors[0]);
  return {
    name: typeof name === "string" ? name : "",
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" && message !== "" ? message : String(code),
  };
}

/** Classifies an error. */
export function classify({ name, code, message }: RootCause): Fault {
  if (name === "TimeoutError" || name === "AbortError") return "timeout";
  const known = CODES[code];
  if (known !== undefined) return known;
  const alert = Number(/\balert number (\d+)/.exec(message)?.[1] ?? NaN);
  if (CLIENT_ALERTS.includes(alert)) return "client certificate";
  return code === "EPROTO" || code.startsWith("ERR_SSL_") ? "not TLS" : "other";
}
