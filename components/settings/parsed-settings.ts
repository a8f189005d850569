import {
  defaultOf,
  settingOf,
  type SettingKey,
  type SettingValues,
  type ValueOf,
} from "../../contract/settings/keys";
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
    const named = type.namesFile && readNamedFile(value, type.namesFile);
    const place = named === undefined ? origin : { ...origin, file: named.file };
    origins.set(key, place);
    const written = named?.content ?? { value };
    const result = andThen<unknown, unknown>(written, (known) =>
      origin.source === "argument" ? parseArgument(type, known) : type.parse(known),
    );
    if ("value" in result) values[key] = result.value;
    else problems.push(...describeInvalidValue(key, place, result, value));
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
export function castValues(values: Partial<Record<SettingKey, unknown>>): SettingValues {
  return values as SettingValues;
}
