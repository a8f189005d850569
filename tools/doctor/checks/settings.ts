import { readSecretPaths } from "../../../stack/secret-paths";
import { readStackSettings, type StackSettings } from "../../../stack/stack-settings";
import { count, listPools, listWarnings } from "../pools";
import { failed, passed, warned, type Result } from "../outcome";
import type { StackConfig } from "../stack/read-stack";

/** Checks the settings of a stack exactly as the program does. */
export function checkSettings(
  config: StackConfig | { readonly problem: string },
  env: Readonly<Record<string, string | undefined>>,
): Result<StackSettings> {
  if ("problem" in config) return failed(config.problem);
  const { project, stack, entries } = config;
  const values = Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));
  const secretKeys = [...entries].filter(([, { isSecret }]) => isSecret).map(([key]) => key);
  const result = readStackSettings({
    config: values,
    secretKeys,
    readSecretPaths: () => readSecretPaths({ folder: process.cwd(), project, stack }),
    env,
    project,
    stack,
  });
  if ("problems" in result) return failed(...result.problems);
  const { settings } = result;
  const warnings = listWarnings(settings);
  const { fromEnvironment } = settings;
  const pools = count(listPools(settings).length, "pool");
  const source =
    fromEnvironment.length === 0 ? "" : `; from the environment: ${fromEnvironment.join(", ")}`;
  const text = `the settings of stack ${stack} are valid (${pools}${source})`;
  return warnings.length === 0
    ? passed(text, settings)
    : warned(`${text}, with ${count(warnings.length, "warning")}: ${warnings.join(" ")}`, settings);
}
