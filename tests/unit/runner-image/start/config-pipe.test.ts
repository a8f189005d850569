import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import execa from "execa";
import { publishConfig } from "../../../../runner-image/src/start/config-pipe";

const TEXT = 'concurrent = 1\n[[runners]]\nname = "ä"\n';

/** More than a pipe takes at once. */
const LONG = `# ${"long ".repeat(40_000)}\n${TEXT}`;

describe("publishConfig", () => {
  let folder = "";
  let config = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hand-over-"));
    config = join(folder, "config.toml");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("writes a file if there is no pipe", async () => {
    await publishConfig(config, TEXT)();
    expect(readFileSync(config, "utf8")).toBe(TEXT);
    expect(statSync(config).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["a short configuration", TEXT],
    ["a long configuration", LONG],
  ])(
    "passes %s to the reader of the pipe, and leaves a file that is not newer",
    async (_, text) => {
      await execa("mkfifo", [config]);
      const made = statSync(config).mtimeMs;
      const reader = execa("cat", [config], { timeout: 10_000, stripFinalNewline: false });
      // Until the reader is blocked in open(2), as gitlab-runner is.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await publishConfig(config, text)();

      expect((await reader).stdout).toBe(text);
      expect(readFileSync(config, "utf8")).toBe(text);
      expect(statSync(config).mtimeMs).toBeLessThanOrEqual(made);
    },
  );

  it("keeps the pipe open and empty until it is fed", async () => {
    await execa("mkfifo", [config]);
    const pipe = openSync(config, constants.O_RDONLY | constants.O_NONBLOCK);
    const feedPipe = publishConfig(config, TEXT);
    expect(() => readFileSync(pipe)).toThrow("EAGAIN");
    await feedPipe();
    expect(readFileSync(pipe, "utf8")).toBe(TEXT);
    closeSync(pipe);
  });

  it("does not wait for a reader; a later reader gets the file", async () => {
    await execa("mkfifo", [config]);
    await publishConfig(config, LONG)();
    expect(readFileSync(config, "utf8")).toBe(LONG);
  });
});
