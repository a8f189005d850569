import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import type { ParsedSettings } from "./parsed-settings";
import { describeSource } from "./problems";

type Names = Pick<ParsedSettings, "pathPrefix" | "origins">;

/**
 * Explains how to solve a problem with inherited settings for this pool only. A message names a
 * setting where it is set, so its advice alone would also change the default pool.
 * @param known messages about the default pool. One that equally applies to it is not explained.
 */
export function explainInheritance(
  text: string,
  names: Names,
  known: ReadonlySet<string> = new Set(),
): string {
  const common = nameWithoutPool(text, names);
  if (known.has(common)) return common;
  const keys = SETTING_KEYS.filter((key) => isInherited(key, names) && text.includes(`\`${key}\``));
  if (keys.length === 0) return text;
  const [end, rest] = text.endsWith(".") ? [".", text.slice(0, -1)] : ["", text];
  return `${adviseForPool(rest, keys, names)}. ${describeInherited(keys, names)}${end}`;
}

/** Names the settings that neither the pool nor the default pool sets like the default pool's. */
function nameWithoutPool(text: string, { pathPrefix, origins }: Names): string {
  if (pathPrefix === "") return text;
  return SETTING_KEYS.filter((key) => !origins.has(key)).reduce(
    (result, key) => result.replaceAll(`\`${pathPrefix}${key}\``, `\`${key}\``),
    text,
  );
}

/** Names the pool's own settings in the advice, which is the part after the last colon. */
function adviseForPool(
  text: string,
  keys: readonly SettingKey[],
  { pathPrefix, origins }: Names,
): string {
  const start = text.lastIndexOf(": ") + 1;
  const advice = keys.reduce((result, key) => {
    const origin = origins.get(key);
    const name = origin === undefined ? "" : describeSource(key, origin);
    const path = `\`${pathPrefix}${key}\``;
    return result.replaceAll(`unset ${name}`, `set ${path} to null`).replaceAll(name, path);
  }, text.slice(start));
  return start === 0 ? text : `${text.slice(0, start)}${advice}`;
}

function isInherited(key: SettingKey, { pathPrefix, origins }: Names): boolean {
  const isOwn = origins.get(key)?.path.startsWith(pathPrefix);
  return isOwn === false && settingOf(key).scope !== "stack";
}

function describeInherited(keys: readonly SettingKey[], { pathPrefix }: Names): string {
  const [, name = ""] = pathPrefix.split(".");
  const them = keys.length === 1 ? "it" : "them";
  const other = keys.length === 1 ? "another value" : "other values";
  const mayBeNull = keys.every((key) => settingOf(key).required !== true);
  return `The pool ${name} inherits ${list(keys, "")}: to change ${them} for this pool only, set ${list(keys, pathPrefix)} to ${other}${mayBeNull ? " or to null" : ""}`;
}

function list(keys: readonly SettingKey[], prefix: string): string {
  const names = keys.map((key) => `\`${prefix}${key}\``);
  return [names.slice(0, -1).join(", "), names.at(-1)].filter((text) => text !== "").join(" and ");
}
