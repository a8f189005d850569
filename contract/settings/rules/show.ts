import { showText } from "../../show-value";
import { settingOf, type SettingKey } from "../keys";

/**
 * Adds a setting's value to its name: `` `docker.memory` (2g) ``. Adds nothing if the value is
 * secret, hidden or unknown. Redacts what looks like a secret, and truncates a long value.
 * @param name the setting as the user wrote it
 */
export function showSetting(name: string, key: SettingKey, value: unknown): string {
  const { type, secret } = settingOf(key);
  if (secret === true || type.isHidden === true || value === undefined) return name;
  return `${name} (${showText(type.format(value))})`;
}
