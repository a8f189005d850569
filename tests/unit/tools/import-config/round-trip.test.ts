import { describe, expect, it } from "@jest/globals";
import { flatten } from "../../../../components/settings/flatten";
import { appliesTo, envOf, settingOf, type SettingKey } from "../../../../contract/settings/keys";
import { renderConfig } from "../../../../runner-image/src/gitlab-runner/config-toml";
import { readSettings } from "../../../../runner-image/src/settings/settings";
import { exampleText } from "../../../support/argument-docs";
import { importConfig, readImported, secretsIn } from "../../../support/import-config";
import { EXAMPLE_BATCHES } from "../../../support/setting-changes";

const TOKEN = "glrt-t1_0123456789";
const RUNNER = { id: 7, token: TOKEN, obtainedAtMs: 0, expiresAt: null };

/** Settings that are in config.toml under another setting's key, or not at all. */
const NOT_IN_CONFIG = ["secretEnvironment", "configTemplate"];

/** The settings of a batch that are keys of config.toml. */
const BATCHES = EXAMPLE_BATCHES.map(({ name, keys, with: others }) => ({
  name,
  others,
  keys: keys.filter((key) => {
    const { toml, newRunnerOnly } = settingOf(key);
    return toml !== undefined && newRunnerOnly === undefined && !NOT_IN_CONFIG.includes(key);
  }),
})).filter(({ keys }) => keys.length > 0);

/** Renders the config.toml of a replica with the examples of settings. */
function renderExamples(keys: readonly SettingKey[], others: object): string {
  const pairs = Object.entries(others) as [SettingKey, string][];
  const { settings, problems } = readSettings({
    RUNNER_CI_URL: "https://gitlab.example.com",
    RUNNER_CI_TOKEN: TOKEN,
    ...Object.fromEntries(keys.map((key) => [envOf(key), exampleText(key)])),
    ...Object.fromEntries(pairs.map(([key, value]) => [envOf(key), value])),
  });
  if (settings === undefined) throw new Error(problems.join("\n"));
  return renderConfig(settings, RUNNER, 9_000);
}

describe("a replica's config.toml", () => {
  it.each(BATCHES)("becomes the same settings again: $name", async ({ keys, others }) => {
    const executor = keys.includes("executor") ? exampleText("executor") : "docker";
    const imported = keys.filter((key) =>
      appliesTo(executor === "shell" ? "shell" : "docker", key),
    );
    const { printed, complained } = await importConfig(renderExamples(keys, others));
    expect(complained).toBe("");
    const result = readImported(printed, (path) => {
      return path === "token" ? TOKEN : exampleText(keys.find((key) => key === path) ?? "token");
    });
    if ("problems" in result) throw new Error(`${result.problems.join("\n")}\n${printed}`);
    const { serviceName, description, ...args } = result.settings.pool.args;
    expect([serviceName, description]).not.toContain("");
    const { values } = flatten({ ...args }, "");
    for (const key of imported) {
      const { type, secret } = settingOf(key);
      const parsed = type.parse(exampleText(key));
      const expected = "value" in parsed ? type.format(parsed.value) : parsed;
      const value = values.get(key);
      expect([key, value === undefined ? undefined : type.format(value)]).toEqual([key, expected]);
      if (secret === true) {
        expect(secretsIn(printed)).toContain(key);
        expect(printed).not.toContain(exampleText(key));
      }
    }
  });

  it("covers every setting that is a key of config.toml", () => {
    expect(BATCHES.flatMap(({ keys }) => keys).length).toBeGreaterThan(20);
  });
});
