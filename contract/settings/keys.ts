import { listStrings } from "../json";
import { canBeSecret, type Setting, type SettingScope } from "./setting";
import { SETTINGS } from "./table";
import type { SettingType } from "./type";
import type { Executor } from "../values";

type Rows = typeof SETTINGS;

/** The key of a setting, such as `docker.privileged`. */
export type SettingKey = keyof Rows;

/** The keys of the settings in these scopes. */
export type KeyOf<S extends SettingScope> = {
  [K in SettingKey]: Rows[K]["scope"] extends S ? K : never;
}[SettingKey];

/** The keys of the settings whose rows have one of these properties. */
export type KeyWith<P extends keyof Setting> = P extends keyof Setting
  ? { [K in SettingKey]: Rows[K] extends Readonly<Record<P, unknown>> ? K : never }[SettingKey]
  : never;

/** The parsed value of a setting. */
export type ValueOf<K extends SettingKey> =
  Rows[K]["type"] extends SettingType<infer T, unknown> ? T : never;

/** The value of a setting in code. */
export type WrittenOf<K extends SettingKey> =
  Rows[K]["type"] extends SettingType<infer T, infer W> ? W | T : never;

/** Values by key. Settings without a value are missing. */
export type SettingValues = { readonly [K in SettingKey]?: ValueOf<K> };

/** All keys, in the order of the documentation. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** Returns the row of a setting. Its type has the properties that only some rows have. */
export function settingOf(key: SettingKey): Setting {
  return SETTINGS[key];
}

/** Returns the environment variable of a setting. */
export function envOf(key: SettingKey): string {
  return settingOf(key).env ?? `RUNNER_${upperSnakeCase(key)}`;
}

/** Returns the variable that names a file with the value of a secret setting. */
export function fileEnvOf(key: SettingKey): string {
  return `${envOf(key)}_FILE`;
}

/** The keys of the settings that a component takes. */
export const POOL_KEYS = SETTING_KEYS.filter((key): key is KeyOf<"pool" | "replica"> => {
  return settingOf(key).scope !== "stack";
});

/** The keys of the settings that a replica reads. */
export const REPLICA_KEYS = SETTING_KEYS.filter((key): key is KeyOf<"replica"> => {
  return settingOf(key).scope === "replica";
});

/** The keys of the settings that a replica also reads from files, because they may be secret. */
export const SECRET_KEYS = REPLICA_KEYS.filter((key) => canBeSecret(settingOf(key)));

/** Whether the value of a setting is secret. @param value parsed; undefined if there is none */
export function isSecretValue(key: SettingKey, value: unknown): boolean {
  const { secret, type } = settingOf(key);
  return secret === true || (value !== undefined && type.isSecret?.(type.format(value)) === true);
}

/** The keys of the settings that a replica gets as files of certificates. */
export const CERTIFICATE_KEYS = POOL_KEYS.filter((key): key is KeyWith<"certificateFile"> => {
  return settingOf(key).certificateFile !== undefined;
});

/** Lists the strings in the value of a secret setting that no log may show. */
export function listSecretStrings(key: SettingKey, value: unknown): readonly string[] {
  return settingOf(key).type.secretParts?.(value) ?? listStrings(value);
}

/**
 * Returns the default of a setting; undefined if it has none.
 * @throws Error if the default in the table is invalid, which is a bug
 */
export function defaultOf<K extends SettingKey>(key: K): ValueOf<K> | undefined {
  const { type, default: written } = settingOf(key);
  if (written === undefined) return undefined;
  const parsed = type.parse(written);
  if ("problem" in parsed) throw new Error(`the default of ${key} ${parsed.problem}`);
  return parsed.value as ValueOf<K>;
}

/** Whether a setting applies to an executor. */
export function appliesTo(executor: Executor | undefined, key: SettingKey): boolean {
  const owner = settingOf(key).executor;
  return owner === undefined || owner === executor;
}

/** Whether a value is an empty list that is also the default, so that it need not be passed. */
export function isEmptyDefault(key: SettingKey, value: unknown): boolean {
  const defaultValue: unknown = defaultOf(key);
  return [value, defaultValue].every((list) => Array.isArray(list) && list.length === 0);
}

/** Converts `docker.pullPolicy` to `DOCKER_PULL_POLICY`. */
function upperSnakeCase(key: string): string {
  return key
    .replaceAll(".", "_")
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase();
}
