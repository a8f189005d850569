import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import {
  definitionOf,
  SETTING_KEYS,
  type SettingKey,
} from "../../../components/settings/definitions";
import { settingsTable } from "../../../components/settings/settings-table";

const PROJECT = resolve(__dirname, "../../..");

/** Cells of a Markdown table, whatever the width of its columns. */
const cells = (markdown: string): string[][] =>
  markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s|-]+\|$/.test(line))
    .map((line) =>
      line.split(" | ").map((cell) => cell.replace(/^\|/, "").replace(/\|$/, "").trim()),
    );

describe.each(["README.md", "docs/settings.md"])("%s", (file) => {
  it("lists every setting as the program defines it", () => {
    const text = readFileSync(join(PROJECT, file), "utf8");
    const table = /<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(text)?.[1] ?? "";
    expect(cells(table)).toEqual(cells(settingsTable()));
  });
});

describe("Pulumi.yaml", () => {
  const { config } = parse(readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { type: string; default: unknown; description: string }>;
  };

  it.each(Object.entries(config))("declares %s as the program defines it", (key, declared) => {
    expect(SETTING_KEYS).toContain(key);
    const definition = definitionOf(key as SettingKey);
    expect(declared).toEqual({
      type: typeof definition.default === "number" ? "integer" : "string",
      default: definition.default,
      description: definition.description,
    });
  });

  it("declares nothing that counts as set when it has a default", () => {
    for (const key of ["tags", "runUntagged", "locked", "protected", "token", "runnerScope"]) {
      expect(config).not.toHaveProperty(key);
    }
  });
});
