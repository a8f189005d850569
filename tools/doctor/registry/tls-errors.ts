import { isObject } from "../../../contract/json";

/** Certificates that Docker may trust although Node.js does not. */
const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

export function isUntrusted(error: unknown): boolean {
  return UNTRUSTED.has(codeOf(error));
}

/** Whether the other side answered, but not with TLS. */
export function isNotTls(error: unknown): boolean {
  return codeOf(error) === "EPROTO" || codeOf(error).startsWith("ERR_SSL_");
}

/** Describes an error. If a name has several addresses, the error has a code but no message. */
export function describeNetworkError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === "" ? codeOf(error) : message;
}

function codeOf(error: unknown): string {
  return isObject(error) && typeof error["code"] === "string" ? error["code"] : "";
}
