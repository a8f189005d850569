import type { KeyUse } from "../../contract/runner-config/key-use";
import { USE_ROWS } from "../../contract/runner-config/uses";

/** A Markdown table of the keys of config.toml that are not the key of a setting. */
export function keysWithoutSetting(): string {
  const rows = USE_ROWS.flatMap(({ path, isSection, use }) => {
    const treatment = describeUse(use);
    return treatment === undefined ? [] : [[`\`${path}${isSection ? ".*" : ""}\``, treatment]];
  });
  return [
    ["config.toml", "what to set instead, or why there is no setting"],
    ["---", "---"],
    ...rows,
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** @returns undefined for the key of a setting */
function describeUse(use: KeyUse): string | undefined {
  switch (use.kind) {
    case "setting":
      return undefined;
    case "besides":
      return `\`${use.setting}\``;
    case "template":
      return "`configTemplate`";
    case "fixed":
    case "registration":
    case "unfit":
      return use.why;
  }
}
