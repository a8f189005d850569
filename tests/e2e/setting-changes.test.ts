import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { renderMarkdown } from "../../tools/diff/markdown";
import { parsePreview } from "../../tools/diff/preview";
import { stackChanges } from "../../tools/diff/stack-changes";
import { changedProperties, listNames } from "../support/changed-properties";
import { previewChanges, type PreviewedChange } from "../support/preview-changes";
import { normalizeText } from "../support/recorded-preview";
import type { Authentication } from "../support/setting-change";
import { expectedImpacts, SETTING_CHANGES } from "../support/setting-changes";
import { documentedTable, settingTable } from "../support/setting-table";

const GOLDEN = resolve(__dirname, "../fixtures/previews");

describe("a change of a setting", () => {
  it("has a row in the documentation", () => {
    expect(documentedTable()).toBe(settingTable());
  });

  it.each<Authentication>(["supplied token", "registration token", "runnerScope"])(
    "changes exactly what the documentation says (%s)",
    async (authentication) => {
      const seen: string[] = [];
      for await (const previewed of previewChanges(authentication)) {
        seen.push(previewed.change.title);
        process.stdout.write(`\n=== ${previewed.change.title}\n${previewed.diff}\n`);
        expectExactly(previewed);
        expectDescribed(previewed);
      }
      expect(seen).toEqual(
        SETTING_CHANGES.filter((one) => one.authentication === authentication).map(
          ({ title }) => title,
        ),
      );
    },
    900_000,
  );
});

/** Checks that exactly the documented properties and resources change. */
function expectExactly({ change, json }: PreviewedChange): void {
  const { steps } = parsePreview(json);
  expect({ change: change.name, properties: changedProperties(steps) }).toEqual({
    change: change.name,
    properties: change.properties,
  });
  expect(listNames(steps, "replace")).toEqual(change.replaced);
  expect(listNames(steps, "create")).toEqual(change.created);
  expect(listNames(steps, "delete")).toEqual(change.deleted);
}

/** Checks that `npm run diff` prints the same as for the recorded preview. */
function expectDescribed({ change, json, names }: PreviewedChange): void {
  const preview = parsePreview(json);
  const changes = stackChanges(preview);
  expect(changes.pools.map(({ impact }) => impact.kind)).toEqual(expectedImpacts(change));
  // The comment on a batch grows with each new setting, so it is not recorded.
  if (change.batch !== undefined) return;
  const context = { stack: names.stack, diagnostics: preview.diagnostics, succeeded: true };
  const text = normalizeText(renderMarkdown(changes, context), names);
  expect(text).toBe(readFileSync(join(GOLDEN, `${change.name}.md`), "utf8"));
}
