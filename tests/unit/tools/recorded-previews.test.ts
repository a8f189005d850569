import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { renderMarkdown } from "../../../tools/diff/markdown";
import { parsePreview } from "../../../tools/diff/preview";
import { stackChanges } from "../../../tools/diff/stack-changes";
import { changedProperties } from "../../support/changed-properties";
import { numberHashes } from "../../support/recorded-preview";
import { SETTING_CHANGES } from "../../support/setting-changes";
import { documentedTable, settingTable } from "../../support/setting-table";

const FOLDER = resolve(__dirname, "../../fixtures/previews");

function readFixture(name: string) {
  return readFileSync(join(FOLDER, name), "utf8");
}

describe("the comment on a recorded preview", () => {
  it.each(SETTING_CHANGES)("of $title is as a person has read it", ({ name, properties, fate }) => {
    const preview = parsePreview(readFixture(`${name}.json`));
    const changes = stackChanges(preview);
    const context = { stack: "dev", diagnostics: preview.diagnostics, succeeded: true };

    expect(numberHashes(renderMarkdown(changes, context))).toBe(readFixture(`${name}.md`));
    expect(changes.pools.map((pool) => pool.fate.kind)).toEqual([fate]);
    expect(changedProperties(preview.steps)).toEqual(properties);
  });

  it("is there for every change, and for nothing else", () => {
    const names = readdirSync(FOLDER).sort();

    expect(names).toEqual(
      SETTING_CHANGES.flatMap(({ name }) => [`${name}.json`, `${name}.md`]).sort(),
    );
  });
});

describe("the table of changes in the documentation", () => {
  it("says what the previews were seen to do", () => {
    expect(documentedTable()).toBe(settingTable());
  });
});
