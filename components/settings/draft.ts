import {
  definitionOf,
  SETTING_KEYS,
  type SettingKey,
  type SettingValue,
  type SettingValues,
} from "./definitions";
import { wrongValue, type Origin } from "./problems";

/** The settings of one pool, parsed one by one, not yet checked against each other. */
export interface Draft {
  /** Stands before a key in problems; empty for the settings at the top level, `pools.big.` for a further pool. */
  readonly prefix: string;
  readonly values: SettingValues;
  /** Where the settings that somebody set, here or at the top level, were written. */
  readonly origins: ReadonlyMap<SettingKey, Origin>;
  /** Those settings as they were written. */
  readonly written: ReadonlyMap<SettingKey, unknown>;
}

/** A value as it was written, and where. */
export interface Written {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly origin: Origin;
}

/** Parses values that were written; those that are not allowed become problems and are left out. */
export function draftOf(
  prefix: string,
  entries: readonly Written[],
): { readonly draft: Draft; readonly problems: readonly string[] } {
  const values: Partial<Record<SettingKey, unknown>> = {};
  const origins = new Map<SettingKey, Origin>();
  const problems: string[] = [];
  for (const { key, value, origin } of entries) {
    origins.set(key, origin);
    const parsed = definitionOf(key).parser.safeParse(value);
    if (parsed.success) values[key] = parsed.data;
    else problems.push(wrongValue(key, origin, parsed.error.issues[0]?.message ?? "", value));
  }
  const written = new Map(entries.map(({ key, value }) => [key, value]));
  return { draft: { prefix, values: asSettingValues(values), origins, written }, problems };
}

/** Who a pool is for GitLab; set together, so a pool that sets one of them inherits none of the others. */
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
  const merge = <T>(mine: ReadonlyMap<SettingKey, T>, theirs: ReadonlyMap<SettingKey, T>) =>
    new Map([...[...theirs].filter(([key]) => inherited.includes(key)), ...mine]);
  return {
    prefix: own.prefix,
    values: asSettingValues(values),
    origins: merge(own.origins, parent.origins),
    written: merge(own.written, parent.written),
  };
}

/** The value of a setting, or its default. */
export function valueOf<K extends SettingKey>(draft: Draft, key: K): SettingValue<K> | undefined {
  return draft.values[key] ?? defaultOf(key);
}

/**
 * The value of a setting that is there once a draft has been checked.
 * @throws Error if it is not: a bug
 */
export function required<K extends SettingKey>(draft: Draft, key: K): SettingValue<K> {
  const value = valueOf(draft, key);
  if (value === undefined) throw new Error(`${key} has neither a value nor a default`);
  return value;
}

/** The parsed default of a setting; undefined if it has none. */
export function defaultOf<K extends SettingKey>(key: K): SettingValue<K> | undefined {
  const { default: written, parser } = definitionOf(key);
  if (written === undefined) return undefined;
  return asSettingValues({ [key]: parser.parse(written) })[key];
}

/** The parser of each key gave its value: the one place where that is told to the compiler. */
function asSettingValues(values: Partial<Record<SettingKey, unknown>>): SettingValues {
  return values as SettingValues;
}
