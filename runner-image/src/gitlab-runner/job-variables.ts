import type { TomlTable, TomlValue } from "smol-toml";
import { formatLiteralVariables } from "../../../contract/job-environment";
import {
  bothSpellings,
  listProxyVariables,
  PROXY_VARIABLES,
  type Variable,
} from "../../../contract/proxy-variables";
import type { ReplicaSettings } from "../settings/settings";

/**
 * Adds the variables with secret values, and those of the proxy, to the other variables of jobs.
 * @param runner the runner's table without them
 */
export function addVariables(runner: TomlTable, settings: ReplicaSettings): TomlTable {
  const { environment } = runner;
  const before = [
    ...(Array.isArray(environment) ? environment : []),
    ...formatLiteralVariables(settings.secretEnvironment ?? {}),
  ];
  const proxy = Object.fromEntries(chooseProxyVariables(settings, listNames(before)));
  const all = [...before, ...formatLiteralVariables(proxy)];
  return all.length === 0 ? {} : { environment: all };
}

/**
 * Lists the variables of the proxy for jobs. Jobs of the shell executor inherit gitlab-runner's
 * variables, so without the proxy they get empty ones.
 * @param taken names that other variables of the jobs have; they take precedence
 */
function chooseProxyVariables(
  { proxy, executor }: ReplicaSettings,
  taken: readonly string[],
): readonly Variable[] {
  const variables = listProxyVariables(proxy);
  const wanted =
    proxy?.jobs !== false
      ? variables
      : executor === "shell" && variables.length > 0
        ? PROXY_VARIABLES.flatMap(bothSpellings).map((name): Variable => [name, ""])
        : [];
  // Programs that know both spellings differ in which they prefer, so both must be the user's.
  const own = taken.map((name) => name.toLowerCase());
  return wanted.filter(([name]) => !own.includes(name.toLowerCase()));
}

function listNames(environment: readonly TomlValue[]): readonly string[] {
  return environment.flatMap((entry) =>
    typeof entry === "string" ? [entry.replace(/=.*$/s, "")] : [],
  );
}
