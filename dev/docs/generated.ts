import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { settingOf } from "../../contract/settings/keys";
import { formatRooms } from "../rooms/format-rooms";
import { keysWithoutSetting } from "./keys-without-setting";
import { fillMarked } from "./marked";
import { migrationTable } from "./migration-table";
import { pulumiConfig } from "./pulumi-config";
import { FIRST_SETTINGS, settingsByTopic, settingsTable } from "./settings-table";
import { replicaSettingsTable } from "./replica-settings";
import { drawTerminal } from "./terminal-picture";

const PROJECT = resolve(__dirname, "../..");
const IMAGES = "docs/images";

/** A document with a generated part. */
export interface GeneratedDocument {
  /** Relative to the checkout. */
  readonly file: string;
  /**
   * Returns the text with its generated part up to date. Otherwise only the formatting may change.
   * @throws Error if the text has no place for the generated part
   */
  readonly update: (text: string) => string;
}

const read = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

/** Every document that `npm run docs` writes. A test fails when one of them is out of date. */
export const GENERATED: readonly GeneratedDocument[] = [
  { file: "CONTRIBUTING.md", update: (text) => fillMarked(text, "rooms", formatRooms()) },
  {
    file: "README.md",
    update: (text) => fillMarked(text, "settings", settingsTable(FIRST_SETTINGS)),
  },
  {
    file: "docs/reviewing-diffs.md",
    update: (text) => fillMarked(text, "replica settings", replicaSettingsTable()),
  },
  {
    file: "docs/migrating.md",
    update: (text) =>
      fillMarked(
        fillMarked(text, "names", migrationTable()),
        "keys without a setting",
        keysWithoutSetting(),
      ),
  },
  { file: "docs/settings.md", update: (text) => fillMarked(text, "settings", settingsByTopic()) },
  {
    file: `${IMAGES}/scaling.svg`,
    update: (text) =>
      replace(text, /^<svg[\s\S]*<\/svg>/, drawTerminal(read(`${IMAGES}/scaling.txt`))),
  },
  { file: "Pulumi.yaml", update: (text) => replace(text, /^config:\n[\s\S]*$/m, pulumiConfig()) },
  {
    file: "runner-image/Dockerfile",
    update: (text) =>
      fillArgument(fillArgument(text, "BASE_IMAGE", "baseImage"), "NODE_IMAGE", "nodeImage"),
  },
];

/** A build argument has the same default as the setting that the program passes for it. */
function fillArgument(text: string, name: string, key: "baseImage" | "nodeImage"): string {
  const line = `ARG ${name}=${settingOf(key).default ?? ""}`;
  return replace(text, new RegExp(`^ARG ${name}=.*$`, "m"), line);
}

function replace(text: string, pattern: RegExp, part: string): string {
  if (!pattern.test(text)) throw new Error(`no line matches ${pattern.source}`);
  return text.replace(pattern, () => part);
}
