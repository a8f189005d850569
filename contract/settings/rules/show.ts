import { showText } from "../../show-value";
import { isSecretValue, settingOf, type SettingKey } from "../keys";
import type { RuleInput } from "./rule";

/**
 * Adds a setting's value to its name: `` `docker.memory` (2g) ``. Adds nothing if the value is
 * secret, hidden or unknown. Redacts what looks like a secret, and truncates a long value.
 * @param name the setting as the user wrote it
 */
export function showSetting(name: string, key: SettingKey, value: unknown): string {
  const { type } = settingOf(key);
  if (value === undefined || type.isHidden === true || isSecretValue(key, value)) return name;
  return `${name} (${showText(type.format(value))})`;
}

/** Lists the names of settings in a sentence: "`a`, `b` and `c`". */
export function listNames(keys: readonly SettingKey[], name: RuleInput["name"]): string {
  const names = keys.map(name);
  return [names.slice(0, -1).join(", "), names.at(-1)].filter((text) => text !== "").join(" and ");
}
