import { NODE_SOCKET, parseEngineHost } from "../../../contract/settings/types/engine-host";
import type { PoolSettings } from "../../settings/pool-settings";

/**
 * Returns the path of the socket of the engine that runs the jobs. Undefined with the shell
 * executor and for an engine on TCP.
 */
export function findEngineSocket(settings: PoolSettings): string | undefined {
  if (settings.executor !== "docker") return undefined;
  const { host } = settings.docker;
  if (host === undefined) return NODE_SOCKET;
  const engine = parseEngineHost(host);
  return engine.kind === "socket" ? engine.path : undefined;
}
