import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import execa from "execa";
import { handOver } from "../../../runner-image/src/hand-over";

const TEXT = 'concurrent = 1\n[[runners]]\nname = "ä"\n';

describe("handOver", () => {
  let folder = "";
  let config = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hand-over-"));
    config = join(folder, "config.toml");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("writes a file where nobody waits", () => {
    handOver(config, TEXT);
    expect(readFileSync(config, "utf8")).toBe(TEXT);
  });

  it("gives all of it to who waits at the pipe, and leaves a file that is no younger", async () => {
    await execa("mkfifo", [config]);
    const made = statSync(config).mtimeMs;
    const reader = execa("cat", [config], { timeout: 5_000 });
    // Until it is blocked in open(2).
    await new Promise((resolve) => setTimeout(resolve, 300));
    handOver(config, TEXT);

    expect(`${(await reader).stdout}\n`).toBe(TEXT);
    expect(readFileSync(config, "utf8")).toBe(TEXT);
    expect(statSync(config).mtimeMs).toBeLessThanOrEqual(made);
  });

  it("waits for nobody, and who comes later reads the file", async () => {
    await execa("mkfifo", [config]);
    handOver(config, TEXT);
    expect((await execa("cat", [config], { timeout: 5_000 })).stdout).toBe(TEXT.trimEnd());
  });

  it("takes what fills the pipe, and refuses what is longer with nothing written", async () => {
    await execa("mkfifo", [config]);
    const longest = "#".repeat(65_536);
    expect(() => {
      handOver(config, `${longest}#`);
    }).toThrow("would have 65537 bytes, 65536 are allowed");
    expect(statSync(config).isFIFO()).toBe(true);
    handOver(config, longest);
    expect(readFileSync(config, "utf8")).toBe(longest);
  });
});
