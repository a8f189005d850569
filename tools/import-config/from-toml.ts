import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../contract/json";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { splitVariable } from "./find-secrets";

/** A value for the stack config, or the rule of the setting that it violates. */
export type Imported = { readonly value: unknown } | { readonly problem: string };

/** The units of a Go duration in seconds. */
const GO_UNITS: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1 };

/**
 * Converts a value of config.toml to the value of its setting. It tries each form that a setting
 * may have, and takes the one that a replica would render as the same value.
 */
export function fromToml(key: SettingKey, value: unknown): Imported {
  const { type } = settingOf(key);
  const plain = key === "logLevel" ? toLogLevel(value) : toPlain(value);
  const forms = listForms(plain).map((written) => ({ written, parsed: type.parse(written) }));
  const same = forms.find(({ parsed }) => {
    if (!("value" in parsed)) return false;
    const rendered: unknown = type.toToml?.(parsed.value) ?? parsed.value;
    return isDeepStrictEqual(toPlain(rendered), plain);
  });
  // Another spelling of the same value, such as `2G` for `2g`, or a list in another order. A number
  // without the same value would have another unit.
  const [first] = forms;
  const valid = typeof plain === "number" ? first : forms.find(({ parsed }) => "value" in parsed);
  const taken = same ?? valid ?? first;
  if (taken === undefined) return { problem: "cannot be converted" };
  if ("problem" in taken.parsed) return { problem: explain(forms, taken.parsed.problem) };
  const { written, parsed } = taken;
  return { value: typeof written === "string" ? type.format(parsed.value) : written };
}

/** Returns the rule of the form in the right syntax, if there is one. */
function explain(
  forms: readonly { readonly parsed: { readonly problem?: string } | object }[],
  first: string,
): string {
  const rules = forms.flatMap(({ parsed }) =>
    "problem" in parsed && typeof parsed.problem === "string" ? [parsed.problem] : [],
  );
  return rules.find((rule) => !rule.startsWith("must be an object")) ?? first;
}

/** gitlab-runner ignores case here, and has two names for a level. */
function toLogLevel(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const level = value.toLowerCase();
  return level === "warning" ? "warn" : level;
}

/** Lists how a value may be written in the stack config. */
function listForms(plain: unknown): readonly unknown[] {
  if (typeof plain === "number") {
    // Seconds, bytes and KiB.
    return [plain, String(plain), `${plain}s`, `${plain}b`, `${plain}k`];
  }
  if (typeof plain === "string") return [plain, ...toSeconds(plain), [plain]];
  if (Array.isArray(plain)) {
    const list: readonly unknown[] = plain;
    return [list, ...toVariables(list), list.map(toFields)];
  }
  return [plain];
}

/** Converts a duration as Go writes it, such as `1h0m0s`. */
function toSeconds(text: string): readonly string[] {
  if (!/^(?:\d+(?:\.0+)?[hms])+$/.test(text)) return [];
  const parts = [...text.matchAll(/(\d+)(?:\.0+)?([hms])/g)];
  const seconds = parts.reduce(
    (sum, [, count = "", unit = ""]) => sum + Number(count) * (GO_UNITS[unit] ?? 0),
    0,
  );
  return [`${seconds}s`];
}

/** Converts a list of `NAME=VALUE` to an object. */
function toVariables(list: readonly unknown[]): readonly Readonly<Record<string, string>>[] {
  const pairs = list.flatMap((entry) => {
    const variable = splitVariable(entry);
    return variable === undefined ? [] : [[variable.name, variable.value] as const];
  });
  return pairs.length === list.length ? [Object.fromEntries(pairs)] : [];
}

/** Converts the table of an object, such as a service, to the object's fields. */
function toFields(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const fields = Object.entries(entry).map(([name, value]) => {
    const field = name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    const [variables] = Array.isArray(value) ? toVariables(value) : [];
    return [field, name === "environment" ? (variables ?? value) : value] as const;
  });
  return Object.fromEntries(fields);
}

/** Converts integers to numbers, and tables to plain objects. */
export function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isObject(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toPlain(one)]));
}
