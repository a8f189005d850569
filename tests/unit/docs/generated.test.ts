import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { settingOf, SETTING_KEYS } from "../../../contract/settings/keys";
import { renderDocument } from "../../../dev/docs/format";
import { GENERATED } from "../../../dev/docs/generated";
import { settingsTable } from "../../../dev/docs/settings-table";

const PROJECT = resolve(__dirname, "../../..");

describe("the generated part of a document", () => {
  it.each(GENERATED)("is what `npm run docs` writes: $file", async (document) => {
    const { current, wanted } = await renderDocument(PROJECT, document);
    expect(current).toBe(wanted);
  });

  it.each(GENERATED)("needs a place: $file", ({ update }) => {
    expect(() => update("text\n")).toThrow(/^(?:the text has no |no line matches )/);
  });

  it("of the settings page has every setting with its description", () => {
    const table = settingsTable();
    for (const key of SETTING_KEYS) {
      expect(table).toContain(`| \`${key}\``);
      expect(table).toContain(settingOf(key).description);
    }
  });
});
