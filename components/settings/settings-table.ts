import { definitionOf, SETTING_KEYS } from "./definitions";

/** The settings as a Markdown table: README.md and docs/settings.md hold it, and a test compares them. */
export function settingsTable(): string {
  const rows = SETTING_KEYS.map((key) => {
    const { env, kind, default: value, description, secret } = definitionOf(key);
    const name = `\`${key}\`${secret === true ? " (secret)" : ""}`;
    const standard = value === undefined ? "" : `\`${value}\``;
    return [name, `\`${env}\``, kind, standard, description];
  });
  const head = ["setting", "environment variable", "value", "default", "meaning"];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
