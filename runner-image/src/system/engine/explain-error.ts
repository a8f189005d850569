import { statSync, type Stats } from "node:fs";
import { NO_ALTERNATIVE_NAME } from "../../../../contract/engine-certificate";
import { toPlainLine } from "../../../../contract/plain-text";
import { DOCKER_SOCKET, formatHost, type Engine } from "./engine";

/** An error of Node.js, which describes itself in some of these properties. */
export type CallError = Partial<NodeJS.ErrnoException> & {
  /** What a server sent that does not speak HTTP. */
  readonly rawPacket?: Uint8Array;
  /** One error per address of the host. */
  readonly errors?: readonly CallError[];
};

/** The longest quotation of what a server sent. */
const MAX_QUOTED = 60;

/**
 * Explains in plain words why an engine did not answer a request, and what to do.
 * @param connected whether a connection existed, with TLS after the handshake
 */
export function explainError(engine: Engine, error: CallError, connected: boolean): string {
  const first = error.errors?.[0] ?? error;
  const greeting = first.rawPacket === undefined ? "" : quote(first.rawPacket);
  if (greeting !== "") return `it is not a Docker engine: it sent ${greeting}`;
  if (first.code?.startsWith("HPE_") === true) {
    return "it is not a Docker engine: it does not speak HTTP";
  }
  const reason =
    engine.kind === "socket" ? explainSocket(engine, first) : explainTcp(engine, first, connected);
  return reason ?? describe(first);
}

type Socket = Extract<Engine, { readonly kind: "socket" }>;
type Tcp = Extract<Engine, { readonly kind: "tcp" }>;

function explainSocket({ path }: Socket, error: CallError): string | undefined {
  const found = look(path);
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return `this replica has no such file: mount the engine's socket at that path${suggestMount(path)}`;
    case "EACCES":
    case "EPERM":
      return explainPermission(found);
    case "ECONNREFUSED":
      if (found?.isDirectory() === true) {
        return "it is a folder, which Docker creates if the node has no such file when it mounts it: start the engine on the node, remove the folder there, and replace this replica";
      }
      if (found?.isSocket() === false) return "it is a file, but not a socket: mount the socket";
      return "the connection was refused, because no engine listens on this socket: start the engine on the node; if the engine has created a new socket since this replica started, replace this replica";
    case "ECONNRESET":
      return "it closed the connection without an answer: check that an engine listens on this socket";
    case undefined:
    default:
      return undefined;
  }
}

function suggestMount(path: string): string {
  return path === DOCKER_SOCKET ? `, for example with \`docker run -v ${path}:${path}\`` : "";
}

function explainPermission(found: Stats | undefined): string {
  const id = process.geteuid?.() ?? 0;
  const user = `this replica runs as user ${id}`;
  if (found === undefined) {
    return `permission denied: ${user}, which may not open the folder of the socket`;
  }
  const owner = `permission denied: ${user}, and the socket belongs to user ${found.uid} and group ${found.gid}`;
  // Root without this capability may open only what belongs to root.
  return id === 0
    ? `${owner}: add the capability DAC_OVERRIDE, with \`capAdd\` or \`docker run --cap-add DAC_OVERRIDE\``
    : `${owner}: run the replica as root, or add it to the group with \`docker run --group-add ${found.gid}\``;
}

function explainTcp(engine: Tcp, error: CallError, connected: boolean): string | undefined {
  return explainConnection(engine, error) ?? explainTls(engine, error, connected);
}

function explainConnection(engine: Tcp, { code }: CallError): string | undefined {
  switch (code) {
    case "ECONNREFUSED":
      return `the connection was refused, because nothing listens on ${formatHost(engine)}: check the port, and that the engine runs and listens on TCP`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
      return `the name ${engine.host} cannot be resolved (${code}): check the name, and the DNS of the node`;
    case "ETIMEDOUT":
      return `connecting to ${formatHost(engine)} timed out: check the address, and the firewalls in between`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${engine.host} cannot be reached (${code}): check the address, and the network of the node`;
    case undefined:
    default:
      return undefined;
  }
}

/** Settings in messages: as in a stack, and as a variable of a container. */
const CA = "`docker.hostCa` (RUNNER_DOCKER_HOST_CA)";
const CERTIFICATE = "`docker.hostCert` (RUNNER_DOCKER_HOST_CERT)";

/** Why this replica rejects the engine's certificate. */
const REJECTED: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired: renew it on the engine",
  CERT_NOT_YET_VALID: "it is not valid yet: check the clocks of the node and the engine",
  CERT_REVOKED: "it was revoked",
};

/** Alerts with which an engine rejects this replica's certificate, and what to do. */
const ALERTS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/certificate.required/i, `it is missing: set ${CERTIFICATE} and its key`],
  [
    /unknown.ca\b/i,
    `the engine does not trust its issuer: sign ${CERTIFICATE} with the CA of the engine`,
  ],
  [/certificate.expired/i, `it has expired: renew ${CERTIFICATE}`],
  [/certificate.revoked/i, `it was revoked: replace ${CERTIFICATE}`],
  [/(?:bad|unsupported).certificate|certificate.unknown/i, `replace ${CERTIFICATE}`],
  [/access.denied/i, "the engine denies access to it"],
];

function explainTls(engine: Tcp, error: CallError, connected: boolean): string | undefined {
  const { code = "", message = "" } = error;
  if (engine.tls === null) {
    return code === "ECONNRESET"
      ? "it closed the connection without an answer: check that a Docker engine listens there, and whether it requires TLS"
      : undefined;
  }
  const alert = /\balert ([a-z ]+)/i.exec(message)?.[1]?.trim();
  if (alert !== undefined) {
    const [, reason] = ALERTS.find(([pattern]) => pattern.test(alert)) ?? [];
    return reason === undefined
      ? `the engine ended the TLS handshake (${alert}): check ${CERTIFICATE} and the engine's TLS settings`
      : `the engine rejects this replica's certificate: ${reason}`;
  }
  if (code === NO_ALTERNATIVE_NAME) return message;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `this replica rejects the engine's certificate, which is not for ${engine.host}: issue it for that name or address`;
  }
  if (/^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|HOSTNAME_MISMATCH)/.test(code)) {
    const reason =
      REJECTED[code] ??
      `${message.split("\n")[0] ?? code}; set ${CA} to the CA that issued the engine's certificate`;
    return `this replica rejects the engine's certificate: ${reason}`;
  }
  if (/wrong version number|packet length too long|http request/i.test(message)) {
    return "it does not speak TLS: configure the engine with --tlsverify, or correct the port";
  }
  if (code === "ECONNRESET" && connected) {
    return `it closed the connection after the TLS handshake, as an engine does that rejects this replica's certificate: check ${CERTIFICATE}`;
  }
  if (code === "ECONNRESET") {
    return `it closed the connection during the TLS handshake: check that an engine with TLS listens there, and that it trusts ${CERTIFICATE}`;
  }
  if (code.startsWith("ERR_OSSL_")) {
    return `the certificate and key in ${engine.tls.folder ?? "no folder"} cannot be used: ${describe(error)}`;
  }
  return undefined;
}

/** Describes any other error in its own words, on one line and without memory addresses. */
function describe({ message = "", code = "unknown error" }: CallError): string {
  const [line = ""] = toPlainLine(message).split(":error:").slice(-1);
  return line === "" ? code : line;
}

/** Quotes the first line that a server sent, if it is text. */
function quote(bytes: Uint8Array): string {
  const [line = ""] = Buffer.from(bytes).toString("latin1").split(/\r?\n/);
  return /^[\x20-\x7e]+$/.test(line) ? JSON.stringify(line.slice(0, MAX_QUOTED)) : "";
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
