import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import execa from "execa";
import { renderEnvFile } from "../../dev/env-file";
import { readDocuments } from "../support/documents/files";
import { findShellBlocks } from "../support/documents/shell-blocks";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";

const PROJECT = resolve(__dirname, "../..");
const LIMIT_MS = 60_000;

/** Parts of the checkout that a stack does not need, but the commands of the documents do. */
const TOOLS = ["bin", "tools", "pulumi-cli", "package-lock.json"];

let pool: PoolFixture;

beforeAll(async () => {
  pool = await createPool({ switches: { runnerTokenLifeSeconds: null } });
  for (const part of TOOLS) await symlink(join(PROJECT, part), join(pool.stack.folder, part));
  await writeDemoShell(pool);
  await pool.stack.mustUp();
});

afterAll(async () => {
  await pool[Symbol.asyncDispose]();
});

describe("a shell block in the documents", () => {
  it("scales the pool (README)", async () => {
    await run(commandsOf("scale"));
    await managersSettle(pool, 4);
  });

  it("shows the status of the pool (operating)", async () => {
    const commands = fill(commandsOf("status"), service());
    const output = await run(`${useStack()}\n${commands}`);
    expect(output).toContain(`${pool.stack.serviceName}: 4 replicas at ${pool.gitlabUrl}`);
  });

  it("checks everything that the pool needs (operating)", async () => {
    const output = await run(`${useStack()}\n${commandsOf("doctor")}`);
    expect(output.match(/^[✓!✗-] .+/gm)).toHaveLength(10);
    expect(output).not.toMatch(/^[!✗-] /m);
  });

  it("looks for stale managers of the pool (operating)", async () => {
    const commands = fill(commandsOf("reap"), service());
    const output = await run(`${useStack()}\n${commands}`);
    expect(output).toContain(`${pool.stack.serviceName}:`);
  });

  it("summarizes the next change of the pool (reviewing diffs)", async () => {
    await pool.stack.configure({ replicas: 2 });
    const output = await run(`${useStack()}\n${commandsOf("diff")}`);
    expect(output).toContain("replicas: 4 → 2");
  });

  it("runs the image without Pulumi (replica)", async () => {
    const name = `documented-${randomBytes(4).toString("hex")}`;
    const { image } = await pool.stack.outputs();
    const commands = fill(commandsOf("docker-run"), {
      "docker run": `docker run --detach --name ${name}`,
      "https://gitlab.example.com": pool.gitlabUrl,
      "registry.example.com/ci/gitlab-runner-pool:TAG": String(image),
    });
    await run(commands, { RUNNER_CI_TOKEN: pool.token });
    try {
      await managersSettle(pool, 5);
    } finally {
      await run(`docker stop ${name}`);
    }
    await managersSettle(pool, 4);
  });
});

/** The commands of the shell block that a document marks with `<!-- run: NAME -->`. */
function commandsOf(name: string): string {
  const [block, ...others] = readDocuments()
    .flatMap(findShellBlocks)
    .filter(({ run: mark }) => mark === name);
  if (block === undefined || others.length > 0) throw new Error(`no single block is named ${name}`);
  return block.commands;
}

/** The documents name the service of the demo. */
function service(): Record<string, string> {
  return { "gitlab-runner-pool-dev": pool.stack.serviceName };
}

/** What README's commands do first in a shell. */
function useStack(): string {
  return ". ./.local/env.sh";
}

/**
 * Puts other words into commands of a document.
 * @throws Error if the commands lack one of the words to replace
 */
function fill(commands: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((text, [word, value]) => {
    if (!text.includes(word)) throw new Error(`the commands lack ${word}:\n${text}`);
    return text.replaceAll(word, value);
  }, commands);
}

/** The file that `npm run demo` writes, here for the pool of this test. */
async function writeDemoShell({ gitlab, platform, stack }: PoolFixture): Promise<void> {
  const { token } = await gitlab.createPersonalAccessToken({ scopes: ["api"] });
  const folder = join(stack.folder, ".local");
  await mkdir(folder);
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, token);
  const { PATH, ...variables } = stack.commandEnv;
  const text = renderEnvFile(
    { ...variables, DOCKER_HOST: platform.dockerHost },
    `${dirname(platform.pulumi)}:${PATH ?? ""}`,
    tokenFile,
  );
  await writeFile(join(folder, "env.sh"), text);
}

/** Runs commands in a shell that stops at the first failure. @returns what they printed */
async function run(commands: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exitCode, all = "" } = await execa("bash", ["-euo", "pipefail", "-c", commands], {
    ...{ cwd: pool.stack.folder, all: true, reject: false, stdin: "ignore", timeout: LIMIT_MS },
    // The answer of a person to the question of `pulumi up`.
    env: { ...env, PULUMI_SKIP_CONFIRMATIONS: "true" },
  });
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}:\n${commands}\n\n${all}`);
  return all;
}
