/** The Docker engine that runs a replica's jobs. It can be written to a file as JSON. */
export type Engine =
  | { readonly kind: "socket"; readonly path: string }
  | {
      readonly kind: "tcp";
      /** Without the brackets of an IPv6 address. */
      readonly host: string;
      readonly port: number;
      /** Null for a connection without TLS. */
      readonly tls: EngineTls | null;
    };

export interface EngineTls {
  /**
   * Folder with `ca.pem`, `cert.pem` and `key.pem`, as for gitlab-runner. Null for a replica that
   * trusts the system's certificates and has no certificate.
   */
  readonly folder: string | null;
}

/** Where gitlab-runner's docker executor finds its engine by default. */
export const DOCKER_SOCKET = "/var/run/docker.sock";

const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;

/** An address as gitlab-runner reads it, and its options. */
export interface EngineOptions {
  /** Such as `unix:///var/run/docker.sock` or `tcp://docker:2376`. */
  readonly host: string;
  readonly tlsVerify: boolean;
  readonly certPath: string | undefined;
}

/**
 * Finds the engine that gitlab-runner will use: by its configuration, then by its environment, then
 * the default.
 * @param configured the section `[runners.docker]` of its configuration
 * @returns undefined for an address that only gitlab-runner understands
 */
export function findEngine(
  configured: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Engine | undefined {
  const { host, tls_verify: tlsVerify, tls_cert_path: certPath } = configured;
  if (typeof host === "string" && host !== "") {
    return parseEngine({
      host,
      tlsVerify: tlsVerify === true,
      certPath: typeof certPath === "string" ? certPath : undefined,
    });
  }
  return parseEngine({
    host: env["DOCKER_HOST"] ?? "",
    tlsVerify: isTrue(env["DOCKER_TLS_VERIFY"]),
    certPath: env["DOCKER_CERT_PATH"],
  });
}

/** Parses an address. @returns undefined for one that only gitlab-runner understands */
export function parseEngine({ host, tlsVerify, certPath }: EngineOptions): Engine | undefined {
  if (host === "") return { kind: "socket", path: DOCKER_SOCKET };
  if (host.startsWith("unix://")) return { kind: "socket", path: host.slice("unix://".length) };
  const [, name, port] = /^tcp:\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?\/?$/.exec(host) ?? [];
  if (name === undefined) return undefined;
  const tls = tlsVerify ? { folder: certPath === "" ? null : (certPath ?? null) } : null;
  const standard = tls === null ? DEFAULT_PORT : DEFAULT_TLS_PORT;
  return {
    kind: "tcp",
    host: name.replace(/^\[|\]$/g, ""),
    port: port === undefined ? standard : Number(port),
    tls,
  };
}

/** Formats an engine's address for a message. */
export function formatEngine(engine: Engine): string {
  return engine.kind === "socket" ? `unix://${engine.path}` : `tcp://${formatHost(engine)}`;
}

/** Formats the message of a replica whose engine cannot run jobs. */
export function formatAway(engine: Engine, reason: string): string {
  return `the Docker engine at ${formatEngine(engine)} cannot run jobs: ${reason}`;
}

/** Formats host and port, as in a URL. */
export function formatHost({ host, port }: Extract<Engine, { readonly kind: "tcp" }>): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether Go's `ParseBool` reads a word as true, as gitlab-runner does. */
function isTrue(word: string | undefined): boolean {
  return ["1", "t", "T", "TRUE", "true", "True"].includes(word ?? "");
}
