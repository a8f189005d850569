import { SETTING_KEYS, type SettingKey } from "./definitions";
import { nearest } from "../../contract/nearest";

/** Values as they were written, by key. */
export type RawValues = ReadonlyMap<SettingKey, unknown>;

const OBJECTS = new Set(
  SETTING_KEYS.filter((key) => key.includes(".")).map((key) => key.split(".")[0] ?? ""),
);

/**
 * Brings nested settings (`docker: { privileged: true }`) to flat keys (`docker.privileged`).
 * @param prefix stands before a key in problems, such as `pools.big.`
 * @param extra names that are allowed too and are handled elsewhere
 */
export function flatten(
  source: Readonly<Record<string, unknown>>,
  prefix: string,
  extra: readonly string[] = [],
): { readonly values: RawValues; readonly problems: readonly string[] } {
  const values = new Map<SettingKey, unknown>();
  const problems: string[] = [];
  const add = (name: string, value: unknown) => {
    const key = SETTING_KEYS.find((candidate) => candidate === name);
    if (key !== undefined) {
      if (value !== undefined) values.set(key, value);
    } else if (!extra.includes(name)) problems.push(unknownName(name, prefix, extra));
  };
  for (const [name, value] of Object.entries(source)) {
    if (!OBJECTS.has(name)) add(name, value);
    else if (isObject(value)) {
      for (const [part, inner] of Object.entries(value)) add(`${name}.${part}`, inner);
    } else if (value !== undefined) {
      problems.push(`\`${prefix}${name}\` must be an object, such as { ${exampleOf(name)} }`);
    }
  }
  return { values, problems };
}

/** True for an object that is no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownName(name: string, prefix: string, extra: readonly string[]): string {
  const meant = nearest(name, [...SETTING_KEYS, ...OBJECTS, ...extra]);
  const advice = meant === undefined ? "docs/settings.md lists all" : `did you mean \`${meant}\`?`;
  return `\`${prefix}${name}\` is not a setting: ${advice}`;
}

function exampleOf(name: string): string {
  const first = SETTING_KEYS.find((key) => key.startsWith(`${name}.`)) ?? "";
  return `${first.slice(name.length + 1)}: …`;
}

/** Brings flat keys back to nested settings. */
export function nest(values: RawValues): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const [name = key, part] = key.split(".");
    const inner = nested[name];
    nested[name] =
      part === undefined ? value : { ...(isObject(inner) ? inner : {}), [part]: value };
  }
  return nested;
}
