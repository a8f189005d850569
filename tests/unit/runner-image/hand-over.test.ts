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
import { placeConfig } from "../../../runner-image/src/hand-over";

const TEXT = 'concurrent = 1\n[[runners]]\nname = "ä"\n';

/** More than a pipe takes at once. */
const LONG = `# ${"long ".repeat(40_000)}\n${TEXT}`;

describe("placeConfig", () => {
  let folder = "";
  let config = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hand-over-"));
    config = join(folder, "config.toml");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("writes a file where nobody waits", async () => {
    await placeConfig(config, TEXT)();
    expect(readFileSync(config, "utf8")).toBe(TEXT);
    expect(statSync(config).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["a short one", TEXT],
    ["a long one", LONG],
  ])("gives %s to who waits at the pipe, and leaves a file that is no younger", async (_, text) => {
    await execa("mkfifo", [config]);
    const made = statSync(config).mtimeMs;
    const reader = execa("cat", [config], { timeout: 10_000, stripFinalNewline: false });
    // Until it is blocked in open(2), as gitlab-runner is.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await placeConfig(config, text)();

    expect((await reader).stdout).toBe(text);
    expect(readFileSync(config, "utf8")).toBe(text);
    expect(statSync(config).mtimeMs).toBeLessThanOrEqual(made);
  });

  it("gives nothing before it is asked to, and lets nobody see the end either", async () => {
    await execa("mkfifo", [config]);
    const pipe = openSync(config, constants.O_RDONLY | constants.O_NONBLOCK);
    const give = placeConfig(config, TEXT);
    expect(() => readFileSync(pipe)).toThrow("EAGAIN");
    await give();
    expect(readFileSync(pipe, "utf8")).toBe(TEXT);
    closeSync(pipe);
  });

  it("does not wait for who does not come, and who comes later reads the file", async () => {
    await execa("mkfifo", [config]);
    await placeConfig(config, LONG)();
    expect(readFileSync(config, "utf8")).toBe(LONG);
  });
});
