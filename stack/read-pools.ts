import { draftOf, inherit, type Draft, type Written } from "../components/settings/draft";
import { flatten, type RawValues } from "../components/settings/flatten";
import { isObject, parseJson } from "../contract/json";
import { envOf, SETTING_KEYS, settingOf, type SettingKey } from "../contract/settings/keys";

/** The settings of a pool as they were read. */
export interface Pool {
  readonly name: string;
  readonly draft: Draft;
}

/** Name of the pool whose settings stand at the top level. */
export const TOP_LEVEL_POOL = "default";

const POOL_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Settings of the top level: the environment wins over the stack config. */
export function readTopLevel(
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): { readonly draft: Draft; readonly problems: readonly string[] } {
  const source: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(config)) {
    const object = parseJson(value);
    source[name] = isObject(object) ? object : value;
  }
  const { values, problems } = flatten(source, "", ["pools"]);
  const entries = SETTING_KEYS.flatMap((key): Written[] => {
    const fromEnv = env[envOf(key)];
    // What is blank counts as unset, as it does in a replica.
    if (fromEnv !== undefined && fromEnv.trim() !== "") {
      return [{ key, value: fromEnv, origin: { path: key, place: "env" } }];
    }
    return values.has(key) ? [writtenIn("", key, values)] : [];
  });
  const parsed = draftOf("", entries);
  return { draft: parsed.draft, problems: [...problems, ...parsed.problems] };
}

/** Further pools, by name; what a pool does not set it inherits from the top level. */
export function readPools(
  written: string | undefined,
  top: Draft,
): { readonly pools: readonly Pool[]; readonly problems: readonly string[] } {
  const pools = written === undefined ? {} : parseJson(written);
  if (!isObject(pools)) {
    return { pools: [], problems: ["`pools` must be an object that maps pool names to settings"] };
  }
  const read = Object.entries(pools)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, settings]) => readPool(name, settings, top));
  return {
    pools: read.flatMap(({ pool }) => (pool === undefined ? [] : [pool])),
    problems: read.flatMap((one) => one.problems),
  };
}

function readPool(
  name: string,
  written: unknown,
  top: Draft,
): { readonly pool?: Pool; readonly problems: readonly string[] } {
  const prefix = `pools.${name}.`;
  if (!POOL_NAME.test(name) || name === TOP_LEVEL_POOL) {
    const rule = `must have a name of lowercase letters, digits and hyphens that is not ${TOP_LEVEL_POOL}`;
    return { problems: [`\`pools.${name}\` ${rule}`] };
  }
  if (!isObject(written ?? {})) {
    return { problems: [`\`pools.${name}\` must be an object with settings`] };
  }
  const { values, problems } = flatten(isObject(written) ? written : {}, prefix);
  const misplaced = [...values.keys()].filter((key) => settingOf(key).scope === "stack");
  const entries = [...values.keys()]
    .filter((key) => !misplaced.includes(key))
    .map((key) => writtenIn(prefix, key, values));
  const own = draftOf(prefix, entries);
  return {
    pool: { name, draft: inherit(own.draft, top) },
    problems: [
      ...problems,
      ...misplaced.map(
        (key) => `\`${prefix}${key}\` applies to the whole stack: set \`${key}\` instead`,
      ),
      ...own.problems,
    ],
  };
}

function writtenIn(prefix: string, key: SettingKey, values: RawValues): Written {
  return { key, value: values.get(key), origin: { path: `${prefix}${key}`, place: "config" } };
}
