import { isObject, parseJson } from "../../contract/json";
import { envOf, settingOf, type SettingKey } from "../../contract/settings/keys";
import { isSecretText } from "../../contract/settings/setting";
import type { EntryProblem, Problem } from "../../contract/settings/type";
import { explainInvalid, redactMessage } from "../../contract/show-value";

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

/** Rules that already say what to do. */
const ADVICE =
  /[:;] (?:convert|decode|did you mean|move|pass|put|remove it|reset|set|use|write|change)\b/;

/**
 * Describes an invalid value: the setting, what is allowed, the value, its source, and the fix. If
 * the invalid entries of an object are known, each gets a message.
 */
export function describeInvalidValue(
  key: SettingKey,
  origin: Origin,
  problem: Problem,
  value: unknown,
): readonly string[] {
  const entries = holdsObject(value) ? problem.entries : undefined;
  if (entries !== undefined) return entries.map((entry) => describeEntry(key, origin, entry));
  const rule = adaptRule(problem.problem, origin);
  if (ADVICE.test(rule) && origin.source === "env") {
    return [`${describeSource(key, origin)} ${explainInvalid(settingOf(key), rule, value)}`];
  }
  const message = `\`${origin.path}\` ${explainInvalid(settingOf(key), rule, value)}`;
  return [ADVICE.test(rule) ? message : `${message}${explainFix(key, origin, value)}`];
}

/** Describes an invalid entry. The rule contains its value. */
function describeEntry(key: SettingKey, origin: Origin, entry: EntryProblem): string {
  const rule = redactMessage(adaptRule(entry.problem, origin));
  const message = `${describeSource(key, origin)} ${rule}`;
  const path = buildEntryPath(origin.path, entry.name);
  if (origin.source !== "config" || ADVICE.test(rule) || path === undefined) return message;
  if (entry.isNameInvalid) return `${message}: remove it with \`pulumi config rm --path ${path}\``;
  const command = ["pulumi config set", ...listFlags(key, path, ""), path].join(" ");
  return `${message}: correct it with \`${command} …\``;
}

function adaptRule(rule: string, { source }: Origin): string {
  return source === "argument" ? rule.replace(QUOTE_IT, "pass a string") : rule;
}

/**
 * Builds the path of an entry for a command in a shell.
 * @returns undefined if the name cannot be quoted, or may be a secret
 */
function buildEntryPath(path: string, name: string): string | undefined {
  if (/^[A-Za-z_][\w-]*$/.test(name)) {
    return redactMessage(name) === name ? `${path}.${name}` : undefined;
  }
  const quoted = JSON.stringify(name);
  const isSafe = /^[\w ./:@-]+$/.test(name) && redactMessage(quoted) === quoted;
  return isSafe ? `'${path}[${quoted}]'` : undefined;
}

/** Whether a value is or contains an object. A command that sets the value would overwrite it. */
function holdsObject(value: unknown): boolean {
  const written = typeof value === "string" ? parseJson(value) : value;
  return Array.isArray(written) ? written.some(isObject) : isObject(written);
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
  const command = ["pulumi config set", ...listFlags(key, path, example), path, example].join(" ");
  return path === key ? `run \`${command}\` or set ${envOf(key)}` : `run \`${command}\``;
}

/** Lists the flags of `pulumi config set` that a setting with this value needs. */
function listFlags(key: SettingKey, path: string, value: string): readonly string[] {
  return [
    ...(isSecretText(settingOf(key), value) ? ["--secret"] : []),
    ...(path.includes(".") ? ["--path"] : []),
  ];
}

/** Names a setting by its source: ``RUNNER_TAGS (`tags`)`` or `pools.big.tags`. */
export function describeSource(key: SettingKey, { path, source }: Origin): string {
  return source === "env" ? `${envOf(key)} (\`${path}\`)` : `\`${path}\``;
}

/**
 * Names an entry of a setting that is an object: `` `pools.big.network.mtu` ``.
 * @param setting the setting as {@link describeSource} names it
 */
export function nameEntry(setting: string, entry: string): string {
  return setting.replace(/`(\)?)$/, `.${entry}\`$1`);
}

function explainFix(key: SettingKey, { path, source }: Origin, value: unknown): string {
  switch (source) {
    case "env":
      return ` from ${envOf(key)}: correct or unset the variable`;
    case "config":
      if (holdsObject(value)) return "";
      return `: correct it with \`${["pulumi config set", ...listFlags(key, path, String(value)), path].join(" ")} …\``;
    case "argument":
      return "";
  }
}

/** Lists the invalid arguments of a pool in one message. */
export function describeInvalidArguments(name: string, problems: readonly string[]): string {
  return [`RunnerPool "${name}" has invalid arguments:`, ...problems].join("\n  - ");
}
