import { pathContains } from "../paths";
import type { Executor } from "../values";
import { NODE_SOCKET, parseEngineHost } from "./types/engine-host";
import type { Mount } from "./types/mounts";

/** The settings of a pool that decide on which engine its jobs run. */
export interface EngineSettings {
  readonly executor: Executor | undefined;
  /** `docker.host`. The shell executor has none. */
  readonly docker?: { readonly host?: string | undefined } | undefined;
}

/**
 * Returns the path of the socket of the engine that runs the jobs, which is the same on the node
 * and in the replica. Undefined with the shell executor and for an engine on TCP.
 */
export function findEngineSocket({ executor, docker }: EngineSettings): string | undefined {
  if (executor !== "docker") return undefined;
  const engine = docker?.host === undefined ? undefined : parseEngineHost(docker.host);
  if (engine === undefined) return NODE_SOCKET;
  return engine.kind === "socket" ? engine.path : undefined;
}

/**
 * Whether a replica has the socket of its node's Docker engine: as the engine of its jobs, or
 * because the user mounted it or a folder that contains it. Another engine on the node, such as
 * Podman, has nothing to do with the swarm.
 */
export function hasNodeSocket(
  settings: EngineSettings & { readonly mounts?: readonly Mount[] | undefined },
): boolean {
  const sources = (settings.mounts ?? []).flatMap(({ type, source }) =>
    type === "bind" && source !== undefined ? [source] : [],
  );
  const engine = findEngineSocket(settings);
  return [...sources, ...(engine === undefined ? [] : [engine])].some((path) =>
    pathContains(path, NODE_SOCKET),
  );
}
