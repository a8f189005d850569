import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import type { Note } from "./found-key";
import type { PlannedPool } from "./plan";

/** Settings that a pool never inherits if it has its own token. */
const IDENTITY = ["token", "tokenKind"];

/** Values that mean nothing, for settings without a default. */
const EMPTY: readonly unknown[] = [{}, [], ""];

/**
 * Adjusts an additional pool, which inherits the settings of the default pool: removes equal
 * values, and sets others back to their defaults.
 */
export function adjustInherited(pool: PlannedPool, top: PlannedPool): PlannedPool {
  const values = new Map(
    [...pool.values].filter(
      ([key, value]) => IDENTITY.includes(key) || !isEqual(top.values.get(key), value),
    ),
  );
  const { secrets, sharedSecrets, files } = pool;
  const elsewhere = [...secrets.keys(), ...sharedSecrets.keys(), ...files.keys()];
  const own = new Set([...pool.values.keys(), ...elsewhere.map(settingIn)]);
  const problems: Note[] = [];
  for (const key of new Set([...top.values.keys(), ...[...top.secrets.keys()].map(settingIn)])) {
    if (own.has(key) || IDENTITY.includes(key) || isOfOtherExecutor(key, pool)) continue;
    const standard = findDefault(key);
    if (standard !== undefined) values.set(key, standard);
    else {
      problems.push({
        text: `the pool ${pool.pool ?? ""} inherits \`${key}\` from the default pool and cannot unset it: import this runner into its own stack with --runner`,
      });
    }
  }
  return { ...pool, values, problems: [...pool.problems, ...problems] };
}

/** Returns the setting of a path such as `secretEnvironment.NAME`. */
function settingIn(path: string): string {
  return SETTING_KEYS.find((key) => path === key || path.startsWith(`${key}.`)) ?? path;
}

function findDefault(key: string): unknown {
  const setting = findSetting(key);
  if (setting === undefined) return undefined;
  const { type, default: standard } = settingOf(setting);
  return standard ?? EMPTY.find((value) => "value" in type.parse(value));
}

/** A pool with another executor does not inherit or use the settings of an executor. */
function isOfOtherExecutor(key: string, pool: PlannedPool): boolean {
  const setting = findSetting(key);
  const { executor, toml = "" } = setting === undefined ? {} : settingOf(setting);
  const owner = executor ?? (toml.startsWith("runners.docker.") ? "docker" : undefined);
  return owner !== undefined && owner !== pool.runner.table["executor"];
}

function findSetting(key: string): SettingKey | undefined {
  return SETTING_KEYS.find((one) => one === key);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
