import { NO_ALTERNATIVE_NAME } from "../../contract/engine-certificate";
import { EngineError } from "../../docker-engine/api";
import type { EngineAddress } from "../../docker-engine/address";
import { classify, findRootCause, type RootCause } from "../../http/fault";

/** What a user changes to reach an engine. */
export interface EngineNames {
  /** What has its address, such as `` `docker.host` ``. */
  readonly address: string;
  /** What has the CA of its certificate. */
  readonly ca: string;
  /** What has the client's certificate. */
  readonly certificate: string;
  /** What names the certificates. */
  readonly certificates: string;
  /** What else to do if this machine does not reach the engine; begins with a semicolon. */
  readonly otherwise: string;
}

/**
 * Explains why an engine did not answer, and what to do.
 * @param host the address as the user wrote it
 */
export function explainEngineFault(
  error: unknown,
  host: string,
  address: EngineAddress,
  names: EngineNames,
): string {
  if (error instanceof EngineError || error instanceof SyntaxError) {
    const reason = describeAnswer(error);
    const isPlain = address.kind === "tcp" && address.tls === undefined;
    return isPlain
      ? `what answers at ${host} is not a Docker engine, or requires TLS (${reason}): correct ${names.address}, or set ${names.certificates}`
      : `what answers at ${host} is not a Docker engine (${reason}): correct ${names.address}`;
  }
  const root = findRootCause(error);
  const reason =
    classify(root) === "timeout"
      ? `${host} did not answer in time: check ${names.address}, the firewalls in between and the load of the engine${names.otherwise}`
      : explainByAddress(root, host, address, names);
  return reason ?? `${host} cannot be reached (${root.message}): check ${names.address}`;
}

function describeAnswer(error: EngineError | SyntaxError): string {
  if (error instanceof SyntaxError) return "its answer is not JSON";
  const reason = error.message === "no reason given" ? "" : `: ${error.message}`;
  return `it answered ${error.status}${reason}`;
}

function explainByAddress(
  fault: RootCause,
  host: string,
  address: EngineAddress,
  names: EngineNames,
): string | undefined {
  switch (address.kind) {
    case "socket":
      return explainSocket(fault, host, names);
    case "tcp":
      return (
        explainConnection(fault, host, names) ??
        (address.tls === undefined ? explainPlain(fault, host) : explainTls(fault, host, names))
      );
    case "ssh":
      return `${host} cannot be reached (${fault.message}): check that \`ssh\` logs in there without a question, and that \`docker version\` works there`;
  }
}

function explainSocket(
  { code }: RootCause,
  host: string,
  { address }: EngineNames,
): string | undefined {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return `there is no socket ${host}: start the engine, or correct the path in ${address}`;
    case "ECONNREFUSED":
      return `nothing listens on ${host}: start the engine`;
    case "EACCES":
    case "EPERM":
      return `this user may not open ${host}: run the command as root, or as a member of the group that owns the socket`;
    case "ECONNRESET":
      return `${host} closed the connection without an answer: check that an engine listens there`;
    default:
      return undefined;
  }
}

function explainConnection(
  fault: RootCause,
  host: string,
  { address, otherwise }: EngineNames,
): string | undefined {
  const { code } = fault;
  if (classify(fault) === "unresolved") {
    return `this machine cannot resolve the name in ${host} (${code}): correct ${address}, or check the DNS${otherwise}`;
  }
  switch (code) {
    case "ECONNREFUSED":
      return `nothing listens at ${host}: start the engine with that address, or correct ${address}`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `this machine has no connection to ${host} (${code}): correct ${address}, or check the network and the firewalls in between${otherwise}`;
    default:
      return undefined;
  }
}

function explainPlain({ code }: RootCause, host: string): string | undefined {
  return code === "ECONNRESET"
    ? `${host} closed the connection without an answer: check that an engine listens there, and whether it requires TLS`
    : undefined;
}

/** Alerts with which an engine rejects the certificate of a client, and what to do. */
const ALERTS: readonly (readonly [pattern: RegExp, reason: (certificate: string) => string])[] = [
  [/certificate.required/i, (name) => `because it is missing: set ${name} and its key`],
  [/unknown.ca\b/i, (name) => `whose issuer it does not trust: sign ${name} with the engine's CA`],
  [/certificate.expired/i, (name) => `which has expired: renew ${name}`],
];

function explainTls(
  { code, message }: RootCause,
  host: string,
  { address, ca, certificate }: EngineNames,
): string | undefined {
  const alert = /\balert ([a-z ]+)/i.exec(message)?.[1]?.trim();
  if (alert !== undefined) {
    const [, reason] = ALERTS.find(([pattern]) => pattern.test(alert)) ?? [];
    return reason === undefined
      ? `the engine at ${host} ended the TLS handshake (${alert}): check ${certificate} and the engine's TLS settings`
      : `the engine at ${host} rejects the client's certificate, ${reason(certificate)}`;
  }
  if (code === NO_ALTERNATIVE_NAME) return message;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `the certificate of the engine is not for the host in ${host}: issue it for that name or address, or correct ${address}`;
  }
  if (code === "CERT_HAS_EXPIRED") {
    return `the certificate of the engine at ${host} has expired: renew it on the engine`;
  }
  if (/^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA)/.test(code)) {
    return `the CA in ${ca} did not issue the certificate of the engine at ${host} (${message}): set ${ca} to the CA that did`;
  }
  if (/wrong version number|packet length too long|http request/i.test(message)) {
    return `${host} does not use TLS: start the engine with --tlsverify, or correct the port in ${address}`;
  }
  return code === "ECONNRESET"
    ? `${host} closed the connection, as an engine does that rejects the client's certificate: check ${certificate}, and that the engine listens there with TLS`
    : undefined;
}
