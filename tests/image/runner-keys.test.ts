import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Commands } from "../../dev/commands";
import { findPaths } from "../../dev/paths";
import { KEYS_FILE, listKeys } from "../../dev/runner-keys/list-keys";

describe("the list of gitlab-runner's keys", () => {
  it("matches the pinned version", async () => {
    const { status } = spawnSync("go", ["version"]);
    if (status !== 0) throw new Error("Go is needed to list the keys: https://go.dev/dl");
    const { project } = findPaths();
    const folder = await mkdtemp(join(tmpdir(), "runner-keys-"));
    try {
      const list = await listKeys(new Commands(join(folder, "go.log")), project);
      expect(await readFile(join(project, KEYS_FILE), "utf8")).toBe(list);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
