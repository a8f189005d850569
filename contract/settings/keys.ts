import type { Setting, SettingScope } from "./setting";
import { SETTINGS } from "./table";
import type { SettingType } from "./type";

type Rows = typeof SETTINGS;

/** The key of a setting, such as `docker.privileged`. */
export type SettingKey = keyof Rows;

/** Keys of the settings with one of those scopes. */
export type KeyOf<S extends SettingScope> = {
  [K in SettingKey]: Rows[K]["scope"] extends S ? K : never;
}[SettingKey];

/** Keys of the settings whose rows have one of those properties. */
export type KeyWith<P extends keyof Setting> = P extends keyof Setting
  ? { [K in SettingKey]: Rows[K] extends Readonly<Record<P, unknown>> ? K : never }[SettingKey]
  : never;

/** The value of a setting once it is read. */
export type ValueOf<K extends SettingKey> =
  Rows[K]["type"] extends SettingType<infer T, unknown> ? T : never;

/** The value of a setting as code writes it. */
export type WrittenOf<K extends SettingKey> =
  Rows[K]["type"] extends SettingType<infer T, infer W> ? W | T : never;

/** Values by key; a setting that nobody set is not there. */
export type SettingValues = { readonly [K in SettingKey]?: ValueOf<K> };

/** All keys, in the order of the documentation. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** A row by its key, with the properties that only some rows have. */
export function settingOf(key: SettingKey): Setting {
  return SETTINGS[key];
}

/** The environment variable of a setting. */
export function envOf(key: SettingKey): string {
  return settingOf(key).env ?? `RUNNER_${upperSnakeCase(key)}`;
}

/** The variable that names a file which holds the value of a secret setting. */
export function fileEnvOf(key: SettingKey): string {
  return `${envOf(key)}_FILE`;
}

/** Keys of the settings that a component takes. */
export const POOL_KEYS = SETTING_KEYS.filter((key): key is KeyOf<"pool" | "replica"> => {
  return settingOf(key).scope !== "stack";
});

/** Keys of the settings that a replica reads. */
export const REPLICA_KEYS = SETTING_KEYS.filter((key): key is KeyOf<"replica"> => {
  return settingOf(key).scope === "replica";
});

/** Keys of the settings whose values a replica reads from files. */
export const SECRET_KEYS = REPLICA_KEYS.filter((key) => settingOf(key).secret === true);

/**
 * The value that a setting has where nobody sets it; undefined if it has no default.
 * @throws Error if the default of its row is not one that it takes: a bug
 */
export function defaultOf<K extends SettingKey>(key: K): ValueOf<K> | undefined {
  const { type, default: written } = settingOf(key);
  if (written === undefined) return undefined;
  const parsed = type.parse(written);
  if ("problem" in parsed) throw new Error(`the default of ${key} ${parsed.problem}`);
  return parsed.value as ValueOf<K>;
}

/** Whether a value says nothing: an empty list, where nobody setting it means the same. */
export function isEmptyDefault(key: SettingKey, value: unknown): boolean {
  const standard: unknown = defaultOf(key);
  return [value, standard].every((list) => Array.isArray(list) && list.length === 0);
}

/** `docker.pullPolicy` is `DOCKER_PULL_POLICY`. */
function upperSnakeCase(key: string): string {
  return key
    .replaceAll(".", "_")
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase();
}
