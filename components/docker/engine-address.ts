import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** How the Docker engine is reached. */
export type EngineAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: EngineTls }
  /** Through `ssh … docker system dial-stdio`, as the docker command line does. */
  | { readonly kind: "ssh"; readonly args: readonly string[] };

/** Certificates for an engine that asks for them, in PEM. */
export interface EngineTls {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The engine that the docker provider talks to: it and this function read the same variables, DOCKER_CONTEXT before
 * DOCKER_HOST, with DOCKER_CERT_PATH for TLS.
 * @throws Error if the address cannot be understood
 */
export function engineAddress(env: Env): EngineAddress {
  const text = engineHost(env);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case "unix:":
      return { kind: "socket", path: url.pathname };
    case "tcp:":
    case "http:":
    case "https:":
      return tcpAddress(url, env["DOCKER_CERT_PATH"]);
    case "ssh:":
      return { kind: "ssh", args: sshArgs(url) };
    case undefined:
    default:
      throw new Error(
        `the engine address "${text}" must start with unix://, tcp:// or ssh:// (DOCKER_HOST, DOCKER_CONTEXT)`,
      );
  }
}

/** The engine's address as text, for messages. */
export function engineHost(env: Env): string {
  const context = env["DOCKER_CONTEXT"];
  if (context !== undefined && context !== "" && context !== "default")
    return contextHost(context, env["HOME"] ?? homedir());
  const host = env["DOCKER_HOST"];
  return host === undefined || host === "" ? "unix:///var/run/docker.sock" : host;
}

function tcpAddress(url: URL, certPath: string | undefined): EngineAddress {
  const address = { kind: "tcp", host: url.hostname, port: Number(url.port || "2375") } as const;
  if (certPath === undefined || certPath === "") return address;
  const read = (name: string) => readFileSync(join(certPath, name));
  return { ...address, tls: { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") } };
}

function sshArgs(url: URL): readonly string[] {
  const user = url.username === "" ? [] : ["-l", decodeURIComponent(url.username)];
  const port = url.port === "" ? [] : ["-p", url.port];
  return [...user, ...port, "-o", "ConnectTimeout=10", "--", url.hostname];
}

/** Docker keeps each context in a folder of its own, named by a hash. */
function contextHost(name: string, home: string): string {
  const folder = join(home, ".docker", "contexts", "meta");
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    const meta = JSON.parse(readFileSync(join(folder, entry, "meta.json"), "utf8")) as {
      readonly Name?: string;
      readonly Endpoints?: { readonly docker?: { readonly Host?: string } };
    };
    const host = meta.Endpoints?.docker?.Host;
    if (meta.Name === name && host !== undefined) return host;
  }
  throw new Error(`the docker context "${name}" (DOCKER_CONTEXT) does not exist`);
}
