import { listProxyVariables } from "../../../contract/proxy-variables";
import { writePrivate } from "../system/files";
import { formatHost, type Engine } from "../system/engine/engine";
import type { ReplicaSettings } from "../settings/settings";

/**
 * Sets the variables of the proxy for this process, and writes them to a file from which
 * entrypoint.sh exports them to gitlab-runner and the other subcommands: Go reads a proxy only from
 * the environment. A setting overrides a variable that the container already has.
 * @param path one line `NAME=VALUE` per variable; no value contains a line break
 * @param engine runs the jobs; gitlab-runner reaches one on TCP directly, as this program does
 */
export function applyProxy(
  path: string,
  env: NodeJS.ProcessEnv,
  settings: ReplicaSettings,
  engine: Engine | undefined,
): void {
  const own = engine?.kind === "tcp" ? [formatHost(engine)] : [];
  const variables = listProxyVariables(settings.proxy, own);
  if (variables.length === 0) return;
  Object.assign(env, Object.fromEntries(variables));
  writePrivate(path, variables.map(([name, value]) => `${name}=${value}\n`).join(""));
}
