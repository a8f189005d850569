import { SETTING_GROUPS } from "../../contract/settings/groups";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import { getCacheType } from "../../contract/settings/rules/cache";
import type { PlannedPool } from "./plan";

/** Settings that a pool never inherits if it has its own token. */
const IDENTITY = ["token", "tokenKind"];

/**
 * Adjusts an additional pool, which inherits the settings of the default pool: removes equal
 * values, and sets others to their defaults, or to null if there is none.
 */
export function adjustInherited(pool: PlannedPool, top: PlannedPool): PlannedPool {
  const { secrets, sharedSecrets, files } = pool;
  const elsewhere = new Set([...secrets.keys(), ...files.keys()].map(settingIn));
  const isKept = (key: string) =>
    elsewhere.has(key) ||
    (pool.values.has(key) && !isEqual(top.values.get(key), pool.values.get(key)));
  const groups = SETTING_GROUPS.filter((group) => group.some(isKept));
  const isInKeptGroup = (key: string) => groups.some((group) => group.some((one) => one === key));
  const values = new Map(
    [...pool.values].filter(([key]) => IDENTITY.includes(key) || isKept(key) || isInKeptGroup(key)),
  );
  const own = new Set([
    ...pool.values.keys(),
    ...elsewhere,
    ...[...sharedSecrets.keys()].map(settingIn),
  ]);
  const inherited = new Set([
    ...top.values.keys(),
    ...[...top.secrets.keys(), ...top.files.keys()].map(settingIn),
  ]);
  for (const key of inherited) {
    if (own.has(key) || IDENTITY.includes(key) || isInKeptGroup(key)) continue;
    if (!isOfOtherExecutor(key, pool) && !isOfOtherCache(key, pool))
      values.set(key, findDefault(key));
  }
  return { ...pool, values };
}

/** Returns the setting of a path such as `secretEnvironment.NAME`. */
function settingIn(path: string): string {
  return SETTING_KEYS.find((key) => path === key || path.startsWith(`${key}.`)) ?? path;
}

function findDefault(key: string): unknown {
  const setting = findSetting(key);
  return (setting === undefined ? undefined : settingOf(setting).default) ?? null;
}

/** A pool with another executor does not inherit or use the settings of an executor. */
function isOfOtherExecutor(key: string, pool: PlannedPool): boolean {
  const setting = findSetting(key);
  const { executor, toml = "" } = setting === undefined ? {} : settingOf(setting);
  const owner = executor ?? (toml.startsWith("runners.docker.") ? "docker" : undefined);
  return owner !== undefined && owner !== pool.runner.table["executor"];
}

/** A pool inherits only settings of its type of cache, and none if it sets the type to null. */
function isOfOtherCache(key: string, { values }: PlannedPool): boolean {
  const setting = findSetting(key);
  if (setting?.startsWith("cache.") !== true || setting === "cache.type") return false;
  const type = values.get("cache.type");
  return type === undefined || (getCacheType(setting) ?? type) !== type;
}

function findSetting(key: string): SettingKey | undefined {
  return SETTING_KEYS.find((one) => one === key);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
