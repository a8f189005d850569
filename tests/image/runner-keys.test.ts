import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Commands } from "../../dev/commands";
import { findPaths } from "../../dev/paths";
import { FLAGS_FILE, KEYS_FILE, listFlags, listKeys } from "../../dev/runner-keys/list-keys";

describe("a list that comes from gitlab-runner's source", () => {
  it.each([
    ["keys", KEYS_FILE, listKeys],
    ["feature flags", FLAGS_FILE, listFlags],
  ] as const)("matches the pinned version: %s", async (_, committed, readList) => {
    const { status } = spawnSync("go", ["version"]);
    if (status !== 0) throw new Error("Go is needed to make the lists: https://go.dev/dl");
    const { project } = findPaths();
    const folder = await mkdtemp(join(tmpdir(), "runner-keys-"));
    try {
      const list = await readList(new Commands(join(folder, "go.log")), project);
      expect(await readFile(join(project, committed), "utf8")).toBe(list);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
