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

  it.each(GENERATED)(
    "cannot be written to a text that has no place for it: $file",
    ({ update }) => {
      expect(() => update("text\n")).toThrow(/^(?:the text has no |no line matches )/);
    },
  );

  it("has every setting once, with its description, on the settings page", () => {
    const tables = settingsByTopic();
    for (const key of SETTING_KEYS) {
      expect(tables.split(`\n| \`${key}\``)).toHaveLength(2);
      expect(tables).toContain(settingOf(key).description);
    }
  });

  it("has a table under each heading of the settings page", () => {
    const [before, ...topics] = settingsByTopic().split(/^### /m);
    expect(before).toBe("");
    expect(topics.length).toBeGreaterThan(5);
    for (const topic of topics) expect(topic).toMatch(/\n\n\| setting \|.*\n\| --- .*\n\| `/);
  });
});
