import { envOf, settingOf, type SettingKey } from "../../contract/settings/keys";
import { groupSettings } from "./setting-topics";

/** The settings that README.md shows: those that most pools set. */
export const FIRST_SETTINGS: readonly SettingKey[] = [
  "gitlabUrl",
  "registry.address",
  "token",
  "replicas",
  "concurrent",
  "jobImage",
];

/** A Markdown table of settings, one row each. */
export function settingsTable(keys: readonly SettingKey[]): string {
  const rows = keys.map((key) => {
    const { type, default: value, description, secret } = settingOf(key);
    const name = `\`${key}\`${secret === true ? " (secret)" : ""}`;
    const standard = value === undefined ? "" : `\`${value}\``;
    return [name, `\`${envOf(key)}\``, type.label, standard, description];
  });
  const head = ["setting", "environment variable", "value", "default", "meaning"];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** All settings in Markdown: a heading, an introduction and a table for each topic. */
export function settingsByTopic(): string {
  return groupSettings()
    .flatMap(({ topic, introduction, keys }) => [
      `### ${topic}`,
      ...(introduction === undefined ? [] : [introduction]),
      settingsTable(keys),
    ])
    .join("\n\n");
}
