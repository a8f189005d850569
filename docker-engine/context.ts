import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { findDockerFolder, readDockerConfig } from "./docker-config";

type Env = Readonly<Record<string, string | undefined>>;

/** A context of the docker command line, which stores how to reach an engine. */
export interface DockerContext {
  readonly name: string;
  /** What selected it. */
  readonly by: "DOCKER_CONTEXT" | "docker context use" | "`context` of the provider";
}

/**
 * Finds the selected context; undefined for the default one. DOCKER_CONTEXT takes precedence over
 * DOCKER_HOST, as in the provider, but unlike in the docker command line. If neither is set, the
 * context of `docker context use` applies, as in the docker command line.
 */
export function selectedContext(env: Env): DockerContext | undefined {
  const named = env["DOCKER_CONTEXT"] ?? "";
  if (named !== "") return named === "default" ? undefined : { name: named, by: "DOCKER_CONTEXT" };
  if ((env["DOCKER_HOST"] ?? "") !== "") return undefined;
  const { currentContext = "" } = readDockerConfig(env).config;
  return currentContext === "" || currentContext === "default"
    ? undefined
    : { name: currentContext, by: "docker context use" };
}

/**
 * Reads the address in a context. Docker stores each context in a separate folder, named by a hash.
 * @throws Error if the context does not exist
 */
export function readContextHost({ name, by }: DockerContext, env: Env): string {
  const folder = join(findDockerFolder(env), "contexts", "meta");
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    const host = readHost(join(folder, entry, "meta.json"), name);
    if (host !== undefined) return host;
  }
  throw new Error(
    `the docker context "${name}" (${by}) does not exist in ${folder}: run \`docker context ls\` to list the contexts that exist`,
  );
}

/** Finds the folder with the certificates of a context; undefined if it has none. */
export function findCertificates({ name }: DockerContext, env: Env): string | undefined {
  const id = createHash("sha256").update(name).digest("hex");
  const folder = join(findDockerFolder(env), "contexts", "tls", id, "docker");
  return ["ca.pem", "cert.pem", "key.pem"].every((file) => existsSync(join(folder, file)))
    ? folder
    : undefined;
}

/** Whether the provider finds this environment's contexts: it searches only the home folder. */
export function isHomeFolder(env: Env): boolean {
  return [homedir(), userInfo().homedir].every(
    (home) => findDockerFolder(env) === join(home, ".docker"),
  );
}

interface Meta {
  readonly Name?: string;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string } };
}

function readHost(path: string, name: string): string | undefined {
  try {
    const meta = JSON.parse(readFileSync(path, "utf8")) as Meta;
    return meta.Name === name ? meta.Endpoints?.docker?.Host : undefined;
  } catch {
    // A broken file of another context must not hide this one.
    return undefined;
  }
}
