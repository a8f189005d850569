import { readStackSettings, type StackSettings } from "../../stack/stack-settings";

/** A token that GitLab could have made. */
export const TOKEN = "glrt-abcdefghijklmnopqrst";

const CONFIG = {
  gitlabUrl: "https://gitlab.example.com",
  token: TOKEN,
  registry: '{"address":"registry.example.com/ci"}',
};

/**
 * Creates the checked settings of the stack `dev`.
 * @param config more stack config, by key
 * @param gitlabUrl replaces the URL of all pools. A test server has a loopback address, which the
 * settings reject.
 */
export function stackSettings(
  config: Readonly<Record<string, string | undefined>> = {},
  gitlabUrl?: string,
  env: Readonly<Record<string, string>> = {},
): StackSettings {
  const all: Readonly<Record<string, string | undefined>> = { ...CONFIG, ...config };
  const values = Object.entries(all).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const result = readStackSettings({
    config: Object.fromEntries(values),
    env,
    project: "gitlab-runner-pool",
    stack: "dev",
  });
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  if (gitlabUrl === undefined) return result.settings;
  const { settings } = result;
  const move = (pool: StackSettings["pool"]) => ({ ...pool, args: { ...pool.args, gitlabUrl } });
  return {
    ...settings,
    pool: move(settings.pool),
    additionalPools: settings.additionalPools.map(move),
  };
}
