import {
  defaultOf,
  SETTING_KEYS,
  settingOf,
  type SettingKey,
  type SettingValues,
  type ValueOf,
} from "../../contract/settings/keys";
import { parseArgument } from "../../contract/settings/type";
import { wrongValue, type Origin } from "./problems";

/** The settings of one pool, parsed one by one, not yet checked against each other. */
export interface Draft {
  /**
   * Stands before a key in problems; empty for the settings at the top level, `pools.big.` for a
   * further pool.
   */
  readonly prefix: string;
  readonly values: SettingValues;
  /** Where the settings that somebody set, here or at the top level, were written. */
  readonly origins: ReadonlyMap<SettingKey, Origin>;
  /** Settings that are set, and whose values are not known yet: outputs of other resources. */
  readonly later: ReadonlySet<SettingKey>;
  /** Where a setting that is missing would be written. */
  readonly place: "config" | "argument";
}

/** A value as it was written, and where. */
export interface Written {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly origin: Origin;
}

/**
 * Parses values that were written; those that are not allowed become problems and are left out.
 * @param later where the settings were written whose values are not known yet
 */
export function draftOf(
  prefix: string,
  entries: readonly Written[],
  later: ReadonlyMap<SettingKey, Origin> = new Map(),
  place: Draft["place"] = "config",
): { readonly draft: Draft; readonly problems: readonly string[] } {
  const values: Partial<Record<SettingKey, unknown>> = {};
  const origins = new Map<SettingKey, Origin>(later);
  const problems: string[] = [];
  for (const { key, value, origin } of entries) {
    origins.set(key, origin);
    const { type } = settingOf(key);
    const parsed = origin.place === "argument" ? parseArgument(type, value) : type.parse(value);
    if ("value" in parsed) values[key] = parsed.value;
    else problems.push(wrongValue(key, origin, parsed.problem, value));
  }
  const draft = {
    prefix,
    values: asSettingValues(values),
    origins,
    later: new Set(later.keys()),
    place,
  };
  return { draft, problems };
}

/**
 * Who a pool is for GitLab; set together, so a pool that sets one of them inherits none of the
 * others.
 */
const IDENTITY = ["token", "tokenKind", "runnerScope"] as const;

/** Lets a further pool inherit what it does not set itself. */
export function inherit(own: Draft, parent: Draft): Draft {
  const hasIdentity = IDENTITY.some((key) => own.origins.has(key));
  const inherited = SETTING_KEYS.filter(
    (key) => !own.origins.has(key) && !(hasIdentity && IDENTITY.some((name) => name === key)),
  );
  const values = Object.fromEntries(
    SETTING_KEYS.map((key) => [key, (inherited.includes(key) ? parent : own).values[key]]),
  );
  const origins = [...parent.origins].filter(([key]) => inherited.includes(key));
  return {
    prefix: own.prefix,
    values: asSettingValues(values),
    origins: new Map([...origins, ...own.origins]),
    later: own.later,
    place: own.place,
  };
}

/** The value of a setting, or its default. */
export function valueOf<K extends SettingKey>(draft: Draft, key: K): ValueOf<K> | undefined {
  return draft.values[key] ?? defaultOf(key);
}

/**
 * The value of a setting that is there once a draft has been checked.
 * @throws Error if it is not: a bug
 */
export function required<K extends SettingKey>(draft: Draft, key: K): ValueOf<K> {
  const value = valueOf(draft, key);
  if (value === undefined) throw new Error(`${key} has neither a value nor a default`);
  return value;
}

/** The type of each key gave its value: the one place where that is told to the compiler. */
function asSettingValues(values: Partial<Record<SettingKey, unknown>>): SettingValues {
  return values as SettingValues;
}
