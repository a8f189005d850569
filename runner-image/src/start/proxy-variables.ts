import {
  bothSpellings,
  listProxyVariables,
  PROXY_VARIABLES,
  type ProxySettings,
  type Variable,
} from "../../../contract/proxy-variables";
import { writePrivate } from "../system/files";
import { formatHost, type Engine } from "../system/engine/engine";

/**
 * Overrides the variables of the proxy that the container already has, all of them: one that no
 * setting sets becomes empty. A mixture of both could send requests to another proxy than jobs use.
 * Does nothing if no setting names a proxy.
 */
export function overrideProxy(env: NodeJS.ProcessEnv, proxy: ProxySettings | undefined): void {
  const variables = listProxyVariables(proxy);
  if (variables.length === 0) return;
  Object.assign(env, Object.fromEntries([...listEmpty(), ...variables]));
}

/**
 * Exempts an engine on TCP from the proxy, whoever set it, and writes the variables that this
 * program has changed to a file from which entrypoint.sh exports them to gitlab-runner and the
 * other subcommands: Go reads a proxy only from the environment.
 * @param path one line `NAME=VALUE` per variable; no value contains a line break
 * @param env after {@link overrideProxy}
 * @param engine runs the jobs; gitlab-runner reaches one on TCP directly, as this program does
 */
export function exportProxy(
  path: string,
  env: NodeJS.ProcessEnv,
  proxy: ProxySettings | undefined,
  engine: Engine | undefined,
): void {
  const isOwn = listProxyVariables(proxy).length > 0;
  const hasProxy = ["HTTP_PROXY", "HTTPS_PROXY"].some((name) => read(env, name) !== "");
  if (engine?.kind === "tcp" && hasProxy) exempt(env, formatHost(engine));
  else if (!isOwn) return;
  const names = isOwn ? listEmpty().map(([name]) => name) : bothSpellings("NO_PROXY");
  writePrivate(path, names.map((name) => `${name}=${env[name] ?? ""}\n`).join(""));
}

function listEmpty(): readonly Variable[] {
  return PROXY_VARIABLES.flatMap(bothSpellings).map((name): Variable => [name, ""]);
}

function exempt(env: NodeJS.ProcessEnv, address: string): void {
  const entries = [read(env, "NO_PROXY"), address].filter((entry) => entry !== "");
  for (const name of bothSpellings("NO_PROXY")) env[name] = entries.join(",");
}

/** Reads a variable as Go does: the upper case takes precedence. */
function read(env: NodeJS.ProcessEnv, name: string): string {
  return [name, name.toLowerCase()].map((spelling) => env[spelling] ?? "").find(Boolean) ?? "";
}
