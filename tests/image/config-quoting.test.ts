import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import fc from "fast-check";
import { renderConfig } from "../../runner-image/src/gitlab-runner/config-toml";
import { findGitlabRunner } from "../support/gitlab-runner-binary";
import { nastyText, SETTINGS } from "../support/replica-settings";

const RUNNER = { id: 1, token: "glrt-t1_0123456789", obtainedAtMs: 0, expiresAt: null };
const SAMPLES = 8;
const texts = fc.array(nastyText, { minLength: 5, maxLength: 20 });

describe("config.toml", () => {
  it("keeps every character of a value when gitlab-runner reads it", async () => {
    const program = await findGitlabRunner();
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    const file = join(folder, "config.toml");
    try {
      for (const dockerVolumes of fc.sample(texts, { numRuns: SAMPLES, seed: 1 })) {
        const runnerName = dockerVolumes.join("|");
        const settings = { ...SETTINGS, runnerName, slot: "", dockerVolumes };
        writeFileSync(file, renderConfig(settings, RUNNER, 9_000));
        const run = (command: string) =>
          execa(program, ["--log-format", "json", command, "--config", file], { all: true });

        expect((await run("lint")).all).toContain("Configuration file is valid.");
        const lines = ((await run("list")).all ?? "").split("\n");
        const listed = lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
        expect(listed).toContain(runnerName);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
