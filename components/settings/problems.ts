import { addLikelyMistake } from "../../contract/likely-mistakes";
import { GITLAB_TOKEN, MASK } from "../../contract/redact";
import { envOf, settingOf, type SettingKey } from "../../contract/settings/keys";

/** Where the value of a setting was written. */
export interface Origin {
  /** The setting's name as a person wrote it, with the pool: `pools.big.replicas`. */
  readonly path: string;
  /** - `config`: stack config; `env`: the environment; `argument`: the arguments of a component. */
  readonly place: "config" | "env" | "argument";
}

const LONGEST_SHOWN = 80;

/** Tokens of GitLab that are newer than this program have prefixes like these. */
const LIKE_A_TOKEN = "gl[a-z]{2,6}-[\\w.=-]{8,}";

/** What a person does about a number in the stack config that may not be what was written. */
const QUOTE_IT = "put it in quotes in Pulumi.STACK.yaml";

/**
 * Says that a value is not allowed: which setting, what is allowed, the value, where it stands and
 * what to do.
 */
export function wrongValue(key: SettingKey, origin: Origin, rule: string, value: unknown): string {
  const shown = settingOf(key).secret === true ? MASK : showValue(value);
  const isQuotable = rule.includes(QUOTE_IT);
  const allowed = origin.place === "argument" ? rule.replace(QUOTE_IT, "pass a string") : rule;
  const told = `\`${origin.path}\` ${addLikelyMistake(allowed, value)}, got ${shown}`;
  return isQuotable ? told : `${told}${advice(key, origin)}`;
}

/** Says that a setting is missing and how to set it, in the stack or as an argument. */
export function missing(
  key: SettingKey,
  path: string,
  example: string,
  place: "config" | "argument" = "config",
): string {
  const how =
    place === "config"
      ? howToSet(key, path, example)
      : `pass a value such as ${JSON.stringify(example)}`;
  return `\`${path}\` is required: ${how}`;
}

/** How to set a setting in the stack config or in the environment. */
export function howToSet(key: SettingKey, path: string, example: string): string {
  const command = ["pulumi config set", ...flagsOf(key, path), path, example].join(" ");
  return path === key ? `run \`${command}\` or set ${envOf(key)}` : `run \`${command}\``;
}

/** Flags with which a setting is set in the stack config. */
function flagsOf(key: SettingKey, path: string): readonly string[] {
  return [
    ...(settingOf(key).secret === true ? ["--secret"] : []),
    ...(path.includes(".") ? ["--path"] : []),
  ];
}

/** The place of a value, for a sentence: `RUNNER_TAGS` or `pools.big.tags`. */
export function placeOf(key: SettingKey, { path, place }: Origin): string {
  return place === "env" ? `${envOf(key)} (\`${path}\`)` : `\`${path}\``;
}

/**
 * A value as a message may show it: no user and password of a URL, nothing that looks like a token,
 * not too long.
 */
export function showValue(value: unknown): string {
  const safe = jsonOf(value)
    .replace(/(https?:\/*)[^/@]*@(?!sha256:)/gi, "$1…@")
    .replace(/([\w+.-]+:\/*)[^\s"]*@(?!sha256:)/g, "$1…@")
    .replace(/(https?:[^"?]*\?)[^"]+/gi, "$1…")
    .replace(new RegExp(`\\b(?:${GITLAB_TOKEN}|${LIKE_A_TOKEN})`, "g"), "…");
  return safe.length > LONGEST_SHOWN ? `${safe.slice(0, LONGEST_SHOWN)}…` : safe;
}

/**
 * A value as JSON; what has no JSON, such as an object that is inside itself, is told by its kind.
 */
function jsonOf(value: unknown): string {
  if (value === undefined) return "nothing";
  try {
    return JSON.stringify(value);
  } catch {
    return typeof value === "bigint" ? `${value}n` : `a value of type ${typeof value}`;
  }
}

function advice(key: SettingKey, { path, place }: Origin): string {
  switch (place) {
    case "env":
      return ` from ${envOf(key)}: correct or unset the variable`;
    case "config":
      return `: correct it with \`${["pulumi config set", ...flagsOf(key, path), path].join(" ")} …\``;
    case "argument":
      return "";
  }
}

/** What a component says that cannot be made. */
export function messageWith(name: string, problems: readonly string[]): string {
  return [`RunnerPool "${name}" has invalid arguments:`, ...problems].join("\n  - ");
}
