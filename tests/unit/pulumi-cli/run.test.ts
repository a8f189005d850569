import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { PULUMI } from "../../../pulumi-cli/commands";
import { runPulumi } from "../../../pulumi-cli/run";

/** Writes a program that replaces `pulumi`. */
async function fakePulumi(script: string): Promise<{ program: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "fake-pulumi-"));
  const program = join(folder, "pulumi");
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  return {
    program,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const OPTIONS = { env: { PATH: process.env["PATH"], MARK: "here" }, timeoutMs: 20_000 };

describe("runPulumi", () => {
  it("passes the arguments, the input and only the given environment", async () => {
    await using fake = await fakePulumi('echo "$@"; env | grep -c "^HOME="; echo "$MARK"; cat');
    const args = ["config", "set", "--path", "tags", "--", "a b"];
    const { stdout, exitCode } = await runPulumi(args, { ...OPTIONS, ...fake, input: "typed" });
    expect(stdout).toBe("--non-interactive config set --path tags -- a b\n0\nhere\ntyped");
    expect(exitCode).toBe(0);
  });

  it("returns the exit code and both outputs, separately and interleaved, and reports output as it comes", async () => {
    await using fake = await fakePulumi("echo out; echo err >&2; exit 3");
    const heard: string[] = [];
    const onOutput = (text: string): unknown => heard.push(text);
    const result = await runPulumi(PULUMI.up(), { ...OPTIONS, ...fake, onOutput });
    expect(result).toMatchObject({ exitCode: 3, stdout: "out", stderr: "err" });
    expect(result.output.split("\n").sort()).toEqual(["err", "out"]);
    expect(heard.join("")).toContain("out");
  });

  it("returns an undefined exit code if the program does not exist", async () => {
    const program = "/nowhere/pulumi";
    expect((await runPulumi(["version"], { ...OPTIONS, program })).exitCode).toBeUndefined();
  });

  it("interrupts a command that exceeds its timeout, and throws", async () => {
    await using fake = await fakePulumi(
      "trap 'echo interrupted; exit 0' INT; while :; do sleep 0.1; done",
    );
    const running = runPulumi(["preview"], { ...OPTIONS, ...fake, timeoutMs: 500 });
    await expect(running).rejects.toMatchObject({
      message: "`pulumi preview` did not finish within 0.5 s",
      cause: expect.objectContaining({ message: "interrupted" }),
    });
  });
});
