import { join } from "node:path";
import { nameCertificateFiles } from "../../../contract/certificate-files";
import { describeNetworkError, ProxyError } from "../../../http/proxy-error";
import { exists } from "../system/files";
import { explainProxy } from "./explain-proxy";

/** How a request goes to GitLab. */
export interface Route {
  readonly baseUrl: string;
  /** Folder of the certificate files. */
  readonly certificates: string;
  /** `HOST:PORT` of the proxy. */
  readonly proxy?: string;
}

/** Codes of Node.js for a certificate whose chain does not end with a trusted authority. */
const UNTRUSTED = new Set([
  "CERT_UNTRUSTED",
  "CERT_SIGNATURE_FAILURE",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "INVALID_CA",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Alerts with which a server rejects a handshake because of the client's certificate. */
const CLIENT_CERTIFICATE =
  /\balert (?:[a-z ]*certificate[a-z ]*|unknown ca|access denied|handshake failure)$/;

/** Whether the request certainly did not reach GitLab, although there was a connection. */
export function isUnsent(error: unknown): boolean {
  return error instanceof ProxyError
    ? error.fault !== "away"
    : CLIENT_CERTIFICATE.test(getReason(error));
}

/**
 * Whether a response is nginx's page about a missing or rejected client certificate. GitLab's own
 * installation uses nginx.
 */
export function isClientCertificatePage(status: number, text: string): boolean {
  return status === 400 && /No required SSL certificate was sent|SSL certificate error/.test(text);
}

/** Says in one line which part of the way to GitLab failed, and what to do. */
export function explainError(error: unknown, route: Route): string {
  if (error instanceof ProxyError) {
    const { code = "" } = (error.cause ?? {}) as NodeJS.ErrnoException;
    const { authorities } = findFiles(route);
    return explainProxy(error, route.baseUrl, { isUntrusted: UNTRUSTED.has(code), authorities });
  }
  const message = explainTls(error, route) ?? describeNetworkError(error);
  return `${message}${describeProxy(route)}`;
}

/** The end of a message about a request through a proxy; empty for a direct one. */
export function describeProxy({ proxy }: Route): string {
  return proxy === undefined ? "" : ` (through proxy ${proxy})`;
}

function explainTls(error: unknown, route: Route): string | undefined {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = getReason(error);
  if (UNTRUSTED.has(code)) {
    const { authorities } = findFiles(route);
    return `this replica does not trust the certificate of GitLab's server (${message}): set \`caCertificate\`, or put the certificates of its authorities into ${authorities}`;
  }
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return "the certificate of GitLab's server, or of one of its authorities, has expired: renew it there, or correct this machine's clock";
    case "CERT_NOT_YET_VALID":
      return "the certificate of GitLab's server is not valid yet: correct this machine's clock";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `the certificate of GitLab's server is for another host (${reason}): set \`gitlabUrl\` to a name in it`;
    case "ECONNRESET":
      return route.baseUrl.startsWith("https:") && !hasClientCertificate(route)
        ? `GitLab's server closed the connection (${message}): if it requires a client certificate, ${howToIdentify(route)}`
        : undefined;
    default:
      return explainOpenssl(reason, route);
  }
}

function explainOpenssl(reason: string, route: Route): string | undefined {
  if (reason === "wrong version number") {
    return "GitLab's server does not use TLS on this port: set `gitlabUrl` to http://… or to another port";
  }
  return CLIENT_CERTIFICATE.test(reason) ? explainClientCertificate(route, reason) : undefined;
}

/** Describes that the server did not accept the client certificate, or the lack of one. */
export function explainClientCertificate(route: Route, detail: string): string {
  return hasClientCertificate(route)
    ? `GitLab's server rejects the client certificate ${findFiles(route).clientCertificate} (${detail})`
    : `GitLab's server requires a client certificate (${detail}): ${howToIdentify(route)}`;
}

function howToIdentify(route: Route): string {
  const { clientCertificate, clientKey } = findFiles(route);
  return `set \`clientCertificate\` and \`clientKey\`, or create ${clientCertificate} and ${clientKey}`;
}

function hasClientCertificate(route: Route): boolean {
  return exists(findFiles(route).clientCertificate);
}

function findFiles({ certificates, baseUrl }: Route): ReturnType<typeof nameCertificateFiles> {
  const { authorities, clientCertificate, clientKey } = nameCertificateFiles(baseUrl);
  return {
    authorities: join(certificates, authorities),
    clientCertificate: join(certificates, clientCertificate),
    clientKey: join(certificates, clientKey),
  };
}

/** OpenSSL's reason, such as `sslv3 alert handshake failure`. Node.js may only quote it. */
function getReason(error: unknown): string {
  const { reason, message = "" } = error as { readonly reason?: string; readonly message?: string };
  return reason ?? /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? "";
}
