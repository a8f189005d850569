import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { settingOf, SETTING_KEYS } from "../../../contract/settings/keys";
import { renderDocument } from "../../../dev/docs/format";
import { GENERATED } from "../../../dev/docs/generated";
import { settingsByTopic } from "../../../dev/docs/settings-table";

const PROJECT = resolve(__dirname, "../../..");

describe("the generated part of a document", () => {
  it.each(GENERATED)("is what `npm run docs` writes: $file", async (document) => {
    const { current, desired } = await renderDocument(PROJECT, document);
    expect(current).toBe(desired);
  });

  it.each(GENERATED)("needs a place: $file", ({ update }) => {
    expect(() => update("text\n")).toThrow(/^(?:the text has no |no line matches )/);
  });

  it("of the settings page has every setting once, with its description", () => {
    const tables = settingsByTopic();
    for (const key of SETTING_KEYS) {
      expect(tables.split(`\n| \`${key}\``)).toHaveLength(2);
      expect(tables).toContain(settingOf(key).description);
    }
  });

  it("of the settings page has a table under each heading", () => {
    const [before, ...topics] = settingsByTopic().split(/^### /m);
    expect(before).toBe("");
    expect(topics.length).toBeGreaterThan(5);
    for (const topic of topics) expect(topic).toMatch(/\n\n\| setting \|.*\n\| --- .*\n\| `/);
  });
});
