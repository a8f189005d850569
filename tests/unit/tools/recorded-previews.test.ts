import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { SETTING_KEYS, type SettingKey } from "../../../contract/settings/keys";
import { renderMarkdown } from "../../../tools/diff/markdown";
import { parsePreview } from "../../../tools/diff/preview";
import { stackChanges } from "../../../tools/diff/stack-changes";
import { changedProperties } from "../../support/changed-properties";
import { numberHashes } from "../../support/recorded-preview";
import { PLAIN_REPLICA_KEYS } from "../../../dev/docs/replica-settings";
import {
  EXAMPLE_BATCHES,
  expectedImpacts,
  SETTING_CHANGES,
  SINGLE_CHANGES,
  WITHOUT_CHANGE,
  EXCLUDED_EXAMPLES,
} from "../../support/setting-changes";
import type { SettingChange } from "../../support/setting-change";
import { documentedTable, settingTable } from "../../support/setting-table";

const FOLDER = resolve(__dirname, "../../fixtures/previews");

function readFixture(name: string) {
  return readFileSync(join(FOLDER, name), "utf8");
}

describe("the comment on a recorded preview", () => {
  it.each(SINGLE_CHANGES)("matches the reviewed comment: $title", (change) => {
    const { name, properties } = change;
    const preview = parsePreview(readFixture(`${name}.json`));
    const changes = stackChanges(preview);
    const context = { stack: "dev", diagnostics: preview.diagnostics, succeeded: true };

    expect(numberHashes(renderMarkdown(changes, context))).toBe(readFixture(`${name}.md`));
    expect(changes.pools.map((pool) => pool.impact.kind)).toEqual(expectedImpacts(change));
    expect(changedProperties(preview.steps)).toEqual(properties);
  });

  it("exists for every change and for nothing else", () => {
    const names = readdirSync(FOLDER).sort();

    expect(names).toEqual(
      SINGLE_CHANGES.flatMap(({ name }) => [`${name}.json`, `${name}.md`]).sort(),
    );
  });
});

describe("the table of changes in the documentation", () => {
  it("has a row for every setting, unless there is a reason", () => {
    const around = { network: "n", gitlabUrl: "https://gitlab.example.com", token: "glrt-t" };
    const changed = SETTING_CHANGES.flatMap(({ settings }) =>
      Object.keys(settings?.(around) ?? {}),
    );
    const isChanged = (key: SettingKey) => changed.includes(key);

    expect(SETTING_KEYS.filter((key) => !isChanged(key)).sort()).toEqual(
      Object.keys(WITHOUT_CHANGE).sort(),
    );
  });

  it("matches the recorded previews", () => {
    expect(documentedTable()).toBe(settingTable());
  });

  it("lists every setting that only the replicas read, and no setting with more effects", () => {
    const changesOnlyReplicas = ({ properties, replaced, impact }: SettingChange) =>
      impact === "rolled" &&
      replaced.length === 0 &&
      Object.values(properties).every(
        (paths) => paths.length === 1 && paths[0]?.startsWith("settings.") === true,
      );
    const alone = PLAIN_REPLICA_KEYS.filter((key) =>
      SINGLE_CHANGES.some(
        ({ title, ...change }) =>
          title === `\`${key}\`` && changesOnlyReplicas({ title, ...change }),
      ),
    );

    const batched = EXAMPLE_BATCHES.flatMap(({ keys }) => keys);
    const excluded = Object.keys(EXCLUDED_EXAMPLES);
    expect([...PLAIN_REPLICA_KEYS].sort()).toEqual(
      [...new Set([...alone, ...batched, ...excluded])].sort(),
    );
  });
});
