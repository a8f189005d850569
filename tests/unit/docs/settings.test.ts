import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { SETTING_GROUPS } from "../../../contract/settings/groups";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../../contract/settings/keys";
import { FIRST_SETTINGS, settingsByTopic, settingsTable } from "../../../dev/docs/settings-table";

const PROJECT = resolve(__dirname, "../../..");

/** Cells of Markdown tables, whatever the width of its columns. */
const cells = (markdown: string): string[][] =>
  markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s|-]+\|$/.test(line))
    .map((line) =>
      line.split(" | ").map((cell) => cell.replace(/^\|/, "").replace(/\|$/, "").trim()),
    );

/** The cells of the generated tables in a document. */
const tableIn = (file: string): string[][] => {
  const text = readFileSync(join(PROJECT, file), "utf8");
  return cells(/<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(text)?.[1] ?? "");
};

describe("docs/settings.md", () => {
  it("lists every setting as the program defines it", () => {
    expect(tableIn("docs/settings.md")).toEqual(cells(settingsByTopic()));
  });

  it("lists the settings that an additional pool inherits only together", () => {
    const text = readFileSync(join(PROJECT, "docs/settings.md"), "utf8");
    const [, list = ""] = /Some settings belong together\..*\n((?: {2,}.*\n)+)/.exec(text) ?? [];
    const listed = list.split(/^ {2}- /m).map((item) => [...item.matchAll(/`([^`]+)`/g)]);
    expect(listed.slice(1).map((names) => names.map(([, name]) => name))).toEqual(SETTING_GROUPS);
  });
});

describe("README.md", () => {
  it("lists the first settings, with a link to all of them", () => {
    const table = tableIn("README.md");
    expect(table).toEqual(cells(settingsTable(FIRST_SETTINGS)));
    expect(table).toHaveLength(FIRST_SETTINGS.length + 1);
    expect(readFileSync(join(PROJECT, "README.md"), "utf8")).toContain("](docs/settings.md)");
  });
});

describe("Pulumi.yaml", () => {
  const { config } = parse(readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { type: string; default: unknown; description: string }>;
  };

  it.each(Object.entries(config))("declares %s as the program defines it", (key, declared) => {
    expect(SETTING_KEYS).toContain(key);
    const definition = settingOf(key as SettingKey);
    expect(declared).toEqual({
      type: "string",
      default: String(definition.default),
      description: definition.description,
    });
  });

  it("declares nothing that counts as set when it has a default", () => {
    for (const key of ["tags", "runUntagged", "locked", "protected", "token", "runnerScope"]) {
      expect(config).not.toHaveProperty(key);
    }
  });
});
