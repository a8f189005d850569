import { ExpectedError } from "../expected-error";

/** The engine's default address. */
const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** Why an engine does not answer. */
export type NoAnswer = "absent" | "forbidden" | "unknown";

/**
 * The engine's address.
 * @throws ExpectedError if the engine may be on another machine: the fake GitLab and the registry
 * are on this one
 */
export function engineHost(env: NodeJS.ProcessEnv): string {
  const host = env["DOCKER_HOST"] ?? "";
  if (host === "") return DEFAULT_HOST;
  if (host.startsWith("unix://")) return host;
  const shown = host.replace(/\/\/[^@/]*@/, "//…@");
  throw new ExpectedError(
    `DOCKER_HOST is ${shown}, but the local platform needs an engine on this machine. Unset DOCKER_HOST or set it to a unix:// socket.`,
  );
}

/**
 * True if the platform may start an engine at this address: only if the user did not choose another
 * one.
 */
export function mayStart(host: string): boolean {
  return host === DEFAULT_HOST || host === "unix:///run/docker.sock";
}

/** Finds out why an engine did not answer, from the connection's error. */
export function explainNoAnswer(error: unknown): NoAnswer {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ECONNREFUSED") return "absent";
  return code === "EACCES" ? "forbidden" : "unknown";
}
