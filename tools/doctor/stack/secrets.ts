import { isObject, parseJson } from "../../../contract/json";
import { envOf, SETTING_KEYS, settingOf } from "../../../contract/settings/keys";
import { isSecretText } from "../../../contract/settings/setting";
import type { ConfigEntry } from "./read-stack";

/** A shorter text would be found in many words, and is not worth being kept secret. */
const MIN_LENGTH = 3;

/** Variables with secrets that are not settings. */
const SECRET_VARIABLES = ["GITLAB_TOKEN", "PULUMI_ACCESS_TOKEN"];

/** Lists the secrets in the environment, which no line may contain. */
export function listEnvironmentSecrets(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const settings = SETTING_KEYS.filter((key) =>
    isSecretText(settingOf(key), env[envOf(key)] ?? ""),
  );
  return keepLong([
    ...settings.flatMap((key) => listParts(key, env[envOf(key)]) ?? [env[envOf(key)] ?? ""]),
    ...SECRET_VARIABLES.map((name) => env[name] ?? ""),
  ]);
}

/**
 * Lists the secrets in a stack config. Pulumi marks a whole object as secret if one of its values
 * is, so a value whose setting is not secret does not count.
 */
export function listConfigSecrets(entries: ReadonlyMap<string, ConfigEntry>): readonly string[] {
  return keepLong(
    [...entries].flatMap(([key, { value, isSecret }]) => {
      const parsed = parseJson(value);
      const leaves = isObject(parsed) ? listLeaves(parsed, key) : [];
      if (leaves.length === 0) return isSecret || isSecretSetting(key, value) ? [value] : [];
      return leaves
        .filter(
          (leaf) =>
            isSecretSetting(leaf.path, leaf.value) || (isSecret && !isKnownSetting(leaf.path)),
        )
        .map((leaf) => leaf.value);
    }),
  );
}

/** What a path in an additional pool begins with. */
const POOL = /^pools\.[^.]+\./;

interface Leaf {
  readonly path: string;
  readonly value: string;
}

function listLeaves(value: unknown, path: string): readonly Leaf[] {
  const parts = listParts(path, value);
  if (parts !== undefined) return parts.map((part) => ({ path, value: part }));
  if (typeof value === "string") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => listLeaves(inner, `${path}.${name}`));
}

/**
 * Lists the secrets in the value of a setting that also has other parts, such as the users of
 * logins.
 * @returns undefined for another path or an invalid value
 */
function listParts(path: string, value: unknown): readonly string[] | undefined {
  const own = path.replace(POOL, "");
  const row = findRow(path);
  if (row?.secret !== true || !SETTING_KEYS.some((key) => key === own)) return undefined;
  const parsed = row.type.parse(value);
  return "value" in parsed ? row.type.secretParts?.(parsed.value) : undefined;
}

/** Whether a path is a secret setting, or a value in one. */
function isSecretSetting(path: string, value: string): boolean {
  const row = findRow(path);
  return row !== undefined && isSecretText(row, value);
}

function isKnownSetting(path: string): boolean {
  return findRow(path) !== undefined;
}

function findRow(path: string) {
  const own = path.replace(POOL, "");
  const key = SETTING_KEYS.find((one) => own === one || own.startsWith(`${one}.`));
  return key === undefined ? undefined : settingOf(key);
}

/** Each text as it is and without surrounding spaces, which settings lose. */
function keepLong(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => [text, text.trim()])
    .filter((text) => text.trim().length >= MIN_LENGTH);
}
