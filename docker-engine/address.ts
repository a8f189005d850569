import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How the Docker engine is reached. */
export type EngineAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: EngineTls }
  /** Through `ssh … docker system dial-stdio`, as the docker command line does. */
  | { readonly kind: "ssh"; readonly args: readonly string[] };

/** Certificates for an engine that requires them, in PEM. */
export interface EngineTls {
  /** If undefined, the engine's own certificate is not verified. */
  readonly ca: Buffer | string | undefined;
  /** The client's certificate and its key. @default none */
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
}

/** The location of an engine. */
export interface EngineLocation {
  /** As a user writes it, such as `tcp://manager:2376`. */
  readonly host: string;
  readonly address: EngineAddress;
}

/** Options for reaching an engine. */
export interface EngineAccess {
  /** For tcp. @default none */
  readonly tls?: EngineTls | undefined;
  /** Folder with certificates, for tcp without `tls`. @default none */
  readonly certPath?: string | undefined;
  /** Additional options for ssh. @default none */
  readonly sshOptions?: readonly string[];
}

/** The engine's address if none is configured. */
const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** Turns an address into a URL. The docker command line also accepts addresses without a scheme. */
export function normalizeHost(host: string): string {
  if (host === "" || host === "unix://") return DEFAULT_HOST;
  return /^(?:\d+(?:\.\d+){3}|localhost|\[[0-9a-fA-F:]+\])?:\d+$/.test(host)
    ? `tcp://${host.startsWith(":") ? "127.0.0.1" : ""}${host}`
    : host;
}

/**
 * Parses an address.
 * @throws Error if the address is invalid or a certificate file is missing
 */
export function parseAddress(text: string, access: EngineAccess): EngineAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case "unix:":
      return { kind: "socket", path: url.pathname };
    case "tcp:":
    case "http:":
    case "https:":
      return parseTcpAddress(url, access);
    case "ssh:":
      return { kind: "ssh", args: buildSshArgs(url, access) };
    case undefined:
    default:
      throw new Error(
        `the engine address "${text}" must start with unix://, tcp:// or ssh:// (DOCKER_HOST, DOCKER_CONTEXT)${suggestFix(text)}`,
      );
  }
}

/** Suggests how to fix an invalid address. */
function suggestFix(text: string): string {
  if (text.startsWith("npipe:")) return ": Windows named pipes are not supported";
  if (text.startsWith("fd:"))
    return ": the engine listens on fd://, but clients cannot connect to it";
  if (text.startsWith("/")) return `: write unix://${text}`;
  return /^[a-zA-Z0-9.-]+(?::\d+)?$/.test(text) ? `: write tcp://${text}` : "";
}

function parseTcpAddress(url: URL, { tls, certPath = "" }: EngineAccess): EngineAddress {
  const address = {
    kind: "tcp",
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || "2375"),
  } as const;
  if (tls !== undefined) return { ...address, tls };
  if (certPath === "") return address;
  const read = (name: string) => readCertificate(join(certPath, name));
  return { ...address, tls: { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") } };
}

/** @throws Error that says what the folder must contain */
function readCertificate(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const message = `cannot read the certificate file ${path} (${code}): the folder of the engine's certificates (DOCKER_CERT_PATH) must contain ca.pem, cert.pem and key.pem`;
    throw new Error(message, { cause: error });
  }
}

function buildSshArgs(url: URL, { sshOptions = [] }: EngineAccess): readonly string[] {
  const user = url.username === "" ? [] : ["-l", decodeURIComponent(url.username)];
  const port = url.port === "" ? [] : ["-p", url.port];
  return [...sshOptions, ...user, ...port, "-o", "ConnectTimeout=10", "--", url.hostname];
}
