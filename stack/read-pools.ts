import { inherit } from "../components/settings/inherit";
import {
  parseEntries,
  type ParsedSettings,
  type RawEntry,
} from "../components/settings/parsed-settings";
import { flatten, type RawValues } from "../components/settings/flatten";
import type { Origin } from "../components/settings/problems";
import { isObject, parseJson } from "../contract/json";
import { envOf, SETTING_KEYS, settingOf, type SettingKey } from "../contract/settings/keys";
import { takeNulls } from "./take-nulls";

/** A pool and its parsed settings. */
export interface Pool {
  readonly name: string;
  readonly parsed: ParsedSettings;
}

/** Name of the pool whose settings are at the top level. */
export const DEFAULT_POOL = "default";

const POOL_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Reads the settings at the top level. The environment overrides the stack config.
 * @param unknown paths of settings that are set elsewhere
 */
export function readTopLevel(
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
  unknown: readonly string[] = [],
): { readonly parsed: ParsedSettings; readonly problems: readonly string[] } {
  const source: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(config)) {
    const object = parseJson(value);
    source[name] = isObject(object) ? object : value;
  }
  const { values, problems } = flatten(source, "", ["pools"]);
  const entries = SETTING_KEYS.flatMap((key): RawEntry[] => {
    const fromEnv = env[envOf(key)];
    // A blank variable counts as unset, as in a replica.
    if (fromEnv !== undefined && fromEnv.trim() !== "") {
      return [{ key, value: fromEnv, origin: { path: key, source: "env" } }];
    }
    return values.has(key) ? [toEntry("", key, values)] : [];
  });
  const result = parseEntries("", entries, findUnknown("", unknown));
  return { parsed: result.parsed, problems: [...problems, ...result.problems] };
}

/**
 * Reads the additional pools. A pool inherits the settings that it does not set, even to null.
 * @param unknown paths of settings that are set elsewhere
 */
export function readPools(
  written: string | undefined,
  top: ParsedSettings,
  unknown: readonly string[] = [],
): { readonly pools: readonly Pool[]; readonly problems: readonly string[] } {
  const pools = written === undefined ? {} : parseJson(written);
  if (!isObject(pools)) {
    return { pools: [], problems: ["`pools` must be an object that maps pool names to settings"] };
  }
  const read = Object.entries(pools)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, settings]) => readPool(name, settings, top, unknown));
  return {
    pools: read.flatMap(({ pool }) => (pool === undefined ? [] : [pool])),
    problems: read.flatMap((one) => one.problems),
  };
}

function readPool(
  name: string,
  written: unknown,
  top: ParsedSettings,
  unknown: readonly string[],
): { readonly pool?: Pool; readonly problems: readonly string[] } {
  const prefix = `pools.${name}.`;
  if (!POOL_NAME.test(name) || name === DEFAULT_POOL) {
    const rule = `must have a name of lowercase letters, digits and hyphens other than \`${DEFAULT_POOL}\``;
    return { problems: [`\`pools.${name}\` ${rule}`] };
  }
  if (!isObject(written ?? {})) {
    return { problems: [`\`pools.${name}\` must be an object with settings`] };
  }
  const { rest, nulls } = takeNulls(isObject(written) ? written : {});
  const { values, problems } = flatten(rest, prefix);
  const misplaced = [...values.keys(), ...nulls].filter((key) => settingOf(key).scope === "stack");
  const entries = [...values.keys()]
    .filter((key) => !misplaced.includes(key))
    .map((key) => toEntry(prefix, key, values));
  const own = parseEntries(prefix, entries, findUnknown(prefix, unknown));
  return {
    pool: { name, parsed: inherit(own.parsed, top, new Set(nulls)) },
    problems: [
      ...problems,
      ...misplaced.map(
        (key) => `\`${prefix}${key}\` applies to the whole stack: set \`${key}\` instead`,
      ),
      ...own.problems,
    ],
  };
}

/** Finds the settings of a pool that are set elsewhere. @param prefix that of the pool's paths */
function findUnknown(prefix: string, unknown: readonly string[]): Map<SettingKey, Origin> {
  const keys = SETTING_KEYS.filter((key) => unknown.includes(`${prefix}${key}`));
  return new Map(keys.map((key) => [key, { path: `${prefix}${key}`, source: "config" }]));
}

function toEntry(prefix: string, key: SettingKey, values: RawValues): RawEntry {
  return { key, value: values.get(key), origin: { path: `${prefix}${key}`, source: "config" } };
}
