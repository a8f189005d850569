import { envOf, settingOf, type SettingKey } from "../../contract/settings/keys";
import { explainInvalid } from "../../contract/show-value";

/** Where a setting was set. */
export interface Origin {
  /** The name as the user wrote it, with the pool, such as `pools.big.replicas`. */
  readonly path: string;
  /** Stack config, an environment variable, or an argument of a component. */
  readonly source: "config" | "env" | "argument";
  /** The file that the value `@PATH` names. */
  readonly file?: string;
}

/** The fix in stack config for a number that may not be what the user wrote. */
const QUOTE_IT = "put it in quotes in Pulumi.STACK.yaml";

/** Describes an invalid value: the setting, what is allowed, the value, its source, and the fix. */
export function describeInvalidValue(
  key: SettingKey,
  origin: Origin,
  rule: string,
  value: unknown,
): string {
  const hasFix = rule.includes(QUOTE_IT);
  const allowed = origin.source === "argument" ? rule.replace(QUOTE_IT, "pass a string") : rule;
  const message = `\`${origin.path}\` ${explainInvalid(settingOf(key), allowed, value)}`;
  return hasFix ? message : `${message}${explainFix(key, origin)}`;
}

/** Describes a missing setting and how to set it, in stack config or as an argument. */
export function describeMissingSetting(
  key: SettingKey,
  path: string,
  example: string,
  source: "config" | "argument" = "config",
): string {
  const how =
    source === "config"
      ? explainHowToSet(key, path, example)
      : `pass a value such as ${JSON.stringify(example)}`;
  return `\`${path}\` is required: ${how}`;
}

/** Explains how to set a setting in stack config or in the environment. */
export function explainHowToSet(key: SettingKey, path: string, example: string): string {
  const command = ["pulumi config set", ...listFlags(key, path), path, example].join(" ");
  return path === key ? `run \`${command}\` or set ${envOf(key)}` : `run \`${command}\``;
}

/** Lists the flags of `pulumi config set` that a setting needs. */
function listFlags(key: SettingKey, path: string): readonly string[] {
  return [
    ...(settingOf(key).secret === true ? ["--secret"] : []),
    ...(path.includes(".") ? ["--path"] : []),
  ];
}

/** Names a setting by its source: ``RUNNER_TAGS (`tags`)`` or `pools.big.tags`. */
export function describeSource(key: SettingKey, { path, source }: Origin): string {
  return source === "env" ? `${envOf(key)} (\`${path}\`)` : `\`${path}\``;
}

function explainFix(key: SettingKey, { path, source }: Origin): string {
  switch (source) {
    case "env":
      return ` from ${envOf(key)}: correct or unset the variable`;
    case "config":
      return `: correct it with \`${["pulumi config set", ...listFlags(key, path), path].join(" ")} …\``;
    case "argument":
      return "";
  }
}

/** Lists the invalid arguments of a pool in one message. */
export function describeInvalidArguments(name: string, problems: readonly string[]): string {
  return [`RunnerPool "${name}" has invalid arguments:`, ...problems].join("\n  - ");
}
