import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { connectControl } from "../../../fake-gitlab";
import { eventually } from "../../support/eventually";

const PROJECT = path.resolve(__dirname, "../../..");
const ADMIN_TOKEN = "glpat-of-the-administrator";

interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "fake-gitlab-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function launch(folder: string, args: readonly string[] = []): Promise<Running> {
  await writeFile(path.join(folder, "token"), `${ADMIN_TOKEN}\n`);
  const files = ["--admin-token-file", "token", "--snapshot", "s.json", "--log-file", "log"];
  const tsx = pathToFileURL(path.join(PROJECT, "node_modules/tsx/dist/loader.mjs")).href;
  const main = path.join(PROJECT, "fake-gitlab/main.ts");
  const command = ["--import", tsx, main, "--port", "0", ...files, ...args];
  const child = spawn(process.execPath, command, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const exited = once(child, "exit");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  try {
    await eventually(() => output.includes("ready at") || child.exitCode !== null, {
      what: "the fake GitLab to be ready or to end",
      timeoutMs: 20_000,
    });
    if (child.exitCode !== null) throw new Error(`the fake GitLab ended: ${output}`);
  } catch (error) {
    await kill();
    throw error;
  }
  const url = /ready at (\S+)/.exec(output)?.[1] ?? "";
  return { child, url, output: () => output, [Symbol.asyncDispose]: kill };
}

async function end({ child }: Running): Promise<number | null> {
  child.kill("SIGTERM");
  await once(child, "exit", { signal: AbortSignal.timeout(10_000) });
  return child.exitCode;
}

describe("the fake GitLab as a process", () => {
  it("keeps runners and jobs across a restart, exits cleanly, and leaks no token", async () => {
    await withFolder(async (folder) => {
      await using first = await launch(folder, ["--pid-file", "pid"]);
      expect(await readFile(path.join(folder, "pid"), "utf8")).toBe(`${first.child.pid ?? 0}\n`);
      const control = connectControl(first.url, { token: ADMIN_TOKEN });
      const { token } = await control.createRunner({ description: "kept" });
      const secret = { key: "SECRET", value: "masked-value", masked: true };
      await control.enqueueJob({ name: "kept", script: ["true"] });
      await control.enqueueJob({ name: "secret", script: ["true"], variables: [secret] });
      await control.setSwitches({ longPollSeconds: 0 });
      expect(await end(first)).toBe(0);
      await expect(stat(path.join(folder, "pid"))).rejects.toThrow("ENOENT");

      await using second = await launch(folder);
      const after = connectControl(second.url, { token: ADMIN_TOKEN });
      expect(await after.runners()).toMatchObject([{ description: "kept" }]);
      expect(await after.jobs()).toMatchObject([{ name: "kept", status: "pending" }]);
      const user = await fetch(`${second.url}/api/v4/user`, {
        headers: { "PRIVATE-TOKEN": ADMIN_TOKEN },
      });
      expect(user.status).toBe(200);
      expect(await end(second)).toBe(0);
      const files = await Promise.all(
        ["s.json", "log"].map((file) => readFile(path.join(folder, file), "utf8")),
      );
      for (const text of [...files, first.output(), second.output()]) {
        for (const hidden of [token, ADMIN_TOKEN, "masked-value"])
          expect(text).not.toContain(hidden);
      }
      expect(files[1]).toContain("GET /user 200");
    });
  }, 60_000);

  it("starts with the contents of a seed file, and names an invalid file", async () => {
    await withFolder(async (folder) => {
      const seed = {
        projects: ["team/app"],
        personalAccessTokens: [{ token: "glpat-seeded", username: "ci", scopes: ["read_user"] }],
        switches: { longPollSeconds: 1 },
      };
      await writeFile(path.join(folder, "seed.json"), JSON.stringify(seed));
      await using running = await launch(folder, ["--seed", "seed.json"]);
      const headers = { "PRIVATE-TOKEN": "glpat-seeded" };
      const user = await fetch(`${running.url}/api/v4/user`, { headers });
      expect(await user.json()).toMatchObject({ username: "ci" });
      expect(
        (await connectControl(running.url, { token: ADMIN_TOKEN }).switches()).longPollSeconds,
      ).toBe(1);
      await end(running);
      await writeFile(path.join(folder, "bad.json"), `{"token": "glpat-in-a-broken-file"`);
      const failed = launch(folder, ["--seed", "bad.json"]);
      await expect(failed).rejects.toThrow("seed file bad.json is not JSON");
      await expect(failed).rejects.not.toThrow("glpat-in-a-broken-file");
    });
  }, 60_000);
});
