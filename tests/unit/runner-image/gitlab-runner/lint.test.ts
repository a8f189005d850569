import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { lintConfig } from "../../../../runner-image/src/gitlab-runner/lint";

describe("lintConfig", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lint-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a shell script in place of gitlab-runner. */
  function lint(script: string, signal = new AbortController().signal) {
    const program = join(folder, "gitlab-runner");
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    const PATH = `${folder}:${process.env["PATH"] ?? ""}`;
    return lintConfig("/run/lint.toml", { PATH, RUNNER_CI_TOKEN: "glrt-1" }, signal);
  }

  it("accepts a file that gitlab-runner accepts", async () => {
    expect(await lint('[ "$*" = "lint --config /run/lint.toml" ]')).toEqual({ kind: "valid" });
  });

  it("returns gitlab-runner's words on one line, without colors and the file's path", async () => {
    const script = String.raw`printf 'Runtime platform arch=amd64\n\033[31;1mFATAL: 2 unknown key(s) found in /run/lint.toml:\n  unknown key: a\n  unknown key: b\033[0;m \n' >&2; exit 1`;
    expect(await lint(script)).toEqual({
      kind: "invalid",
      message: "2 unknown key(s) found in config.toml: unknown key: a unknown key: b",
    });
  });

  it("does not pass on the replica's variables", async () => {
    expect(await lint("if env | grep -q RUNNER_; then echo FATAL: leaked >&2; exit 1; fi")).toEqual(
      {
        kind: "valid",
      },
    );
  });

  it.each([
    ["no command lint", "echo 'FATAL: Command lint not found.' >&2; exit 1", "no command `lint`"],
    ["another failure", "echo panic >&2; exit 2", "it ended with exit code 2"],
    ["a signal", "kill -KILL $$", "it did not run"],
  ])("does not reject a file because of %s", async (_name, script, reason) => {
    expect(await lint(script)).toEqual({
      kind: "unchecked",
      reason: expect.stringContaining(reason),
    });
  });

  it("ends with a stop signal", async () => {
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 50);
    expect(await lint("exec sleep 20", stop.signal)).toMatchObject({ kind: "unchecked" });
  });
});
