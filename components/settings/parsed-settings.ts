import {
  defaultOf,
  SETTING_KEYS,
  settingOf,
  type SettingKey,
  type SettingValues,
  type ValueOf,
} from "../../contract/settings/keys";
import { getCacheType } from "../../contract/settings/rules/cache";
import { andThen, parseArgument } from "../../contract/settings/type";
import { readNamedFile } from "./named-file";
import { describeInvalidValue, type Origin } from "./problems";

/** The settings of one pool. Each value is parsed, but the combination is not checked yet. */
export interface ParsedSettings {
  /**
   * What a message puts before a key: empty for the default pool, `pools.big.` for an additional
   * pool.
   */
  readonly pathPrefix: string;
  readonly values: SettingValues;
  /** Where each setting was set, including the inherited ones. */
  readonly origins: ReadonlyMap<SettingKey, Origin>;
  /** Settings whose values are outputs of other resources, and so may not be known yet. */
  readonly outputs: ReadonlySet<SettingKey>;
  /** Where to set a missing setting. */
  readonly source: "config" | "argument";
}

/** A value before parsing, with its origin. */
export interface RawEntry {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly origin: Origin;
}

/**
 * Parses the values of a pool's settings. An invalid value becomes a problem.
 * @param outputs origins of the settings whose values are outputs
 */
export function parseEntries(
  pathPrefix: string,
  entries: readonly RawEntry[],
  outputs: ReadonlyMap<SettingKey, Origin> = new Map(),
  source: ParsedSettings["source"] = "config",
): { readonly parsed: ParsedSettings; readonly problems: readonly string[] } {
  const values: Partial<Record<SettingKey, unknown>> = {};
  const origins = new Map<SettingKey, Origin>(outputs);
  const problems: string[] = [];
  for (const { key, value, origin } of entries) {
    const { type } = settingOf(key);
    const named = type.namesFile && readNamedFile(value, type.namesFile.maxBytes);
    const place = named === undefined ? origin : { ...origin, file: named.file };
    origins.set(key, place);
    const written = named?.content ?? { value };
    const result = andThen<unknown, unknown>(written, (known) =>
      origin.source === "argument" ? parseArgument(type, known) : type.parse(known),
    );
    if ("value" in result) values[key] = result.value;
    else problems.push(describeInvalidValue(key, place, result.problem, value));
  }
  const parsed = {
    pathPrefix,
    values: castValues(values),
    origins,
    outputs: new Set(outputs.keys()),
    source,
  };
  return { parsed, problems };
}

/** Settings that belong together: a pool that sets one of them does not inherit the others. */
const GROUPS: readonly (readonly SettingKey[])[] = [
  ["token", "tokenKind", "runnerScope"],
  ["cache.s3.accessKey", "cache.s3.secretKey", "cache.s3.sessionToken"],
];

/**
 * Adds the settings that an additional pool inherits because it does not set them. It does not
 * inherit those of another executor or another type of cache, which would be invalid for it and
 * which it could not unset.
 */
export function inherit(own: ParsedSettings, parent: ParsedSettings): ParsedSettings {
  const ownGroups = GROUPS.filter((group) => group.some((key) => own.origins.has(key)));
  const ownExecutor = own.values.executor;
  const ownCache = own.values["cache.type"];
  const isInherited = (key: SettingKey): boolean => {
    const { executor = ownExecutor } = settingOf(key);
    if (own.origins.has(key)) return false;
    if (ownExecutor !== undefined && executor !== ownExecutor) return false;
    if (ownCache !== undefined && (getCacheType(key) ?? ownCache) !== ownCache) return false;
    return !ownGroups.some((group) => group.includes(key));
  };
  const inherited = SETTING_KEYS.filter(isInherited);
  const values = Object.fromEntries(
    SETTING_KEYS.map((key) => [key, (inherited.includes(key) ? parent : own).values[key]]),
  );
  const origins = [...parent.origins].filter(([key]) => inherited.includes(key));
  return {
    pathPrefix: own.pathPrefix,
    values: castValues(values),
    origins: new Map([...origins, ...own.origins]),
    outputs: own.outputs,
    source: own.source,
  };
}

/** Returns the value of a setting, or its default. */
export function getValue<K extends SettingKey>(
  parsed: ParsedSettings,
  key: K,
): ValueOf<K> | undefined {
  return parsed.values[key] ?? defaultOf(key);
}

/**
 * Returns the value of a setting that is present in checked settings.
 * @throws Error if it is missing, which is a bug
 */
export function requireValue<K extends SettingKey>(parsed: ParsedSettings, key: K): ValueOf<K> {
  const value = getValue(parsed, key);
  if (value === undefined) throw new Error(`${key} has neither a value nor a default`);
  return value;
}

/** Casts values that were parsed by their keys. */
function castValues(values: Partial<Record<SettingKey, unknown>>): SettingValues {
  return values as SettingValues;
}
