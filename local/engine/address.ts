import { Refusal } from "../refusal";

/** Where an engine listens if nobody says otherwise. */
export const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** What an engine's silence means. */
export type Silence = "absent" | "forbidden" | "unknown";

/**
 * The engine's address.
 * @throws Refusal for an engine that may be on another machine: GitLab's stand-in and the registry are on this one
 */
export function engineHost(env: NodeJS.ProcessEnv): string {
  const host = env["DOCKER_HOST"] ?? "";
  if (host === "") return DEFAULT_HOST;
  if (host.startsWith("unix://")) return host;
  const shown = host.replace(/\/\/[^@/]*@/, "//…@");
  throw new Refusal(
    `DOCKER_HOST is ${shown}, but the local platform needs an engine on this machine: unset DOCKER_HOST or set it to a unix:// socket`,
  );
}

/** True if an engine may be started to listen there: only where nobody asked for another one. */
export function mayStart(host: string): boolean {
  return host === DEFAULT_HOST || host === "unix:///run/docker.sock";
}

/** Tells why an engine did not answer, from the error of the connection. */
export function explainSilence(error: unknown): Silence {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ECONNREFUSED") return "absent";
  return code === "EACCES" ? "forbidden" : "unknown";
}
