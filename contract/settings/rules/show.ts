import { GITLAB_TOKEN, MASK } from "../../redact";
import { settingOf, type SettingKey } from "../keys";

const MAX_SHOWN_LENGTH = 80;

/** Matches GitLab's tokens, which a value should not contain. */
const TOKEN = new RegExp(GITLAB_TOKEN, "g");

/**
 * Adds a setting's value to its name: `` `docker.memory` (2g) ``. Adds nothing if the value is
 * secret, hidden or unknown. Redacts tokens, and truncates a long value.
 * @param name the setting as the user wrote it
 */
export function showSetting(name: string, key: SettingKey, value: unknown): string {
  const { type, secret } = settingOf(key);
  if (secret === true || type.isHidden === true || value === undefined) return name;
  const text = type.format(value).replace(TOKEN, MASK);
  const shown = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
  return `${name} (${shown})`;
}
