import { mkdtemp, mkdir, rm, symlink, writeFile, copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CHECKS } from "../../dev/checks/checks";
import { bringLinters } from "../../dev/checks/linters";
import { type Outcome, runChecks } from "../../dev/checks/run-checks";
import { Commands } from "../../dev/commands";
import { findPaths } from "../../dev/paths";

const { project, cache } = findPaths();

let folder: string;
let commands: Commands;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "checks-"));
  commands = new Commands(join(folder, "check.log"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs one check on a tree of only these files. */
async function runCheck(check: string, files: Readonly<Record<string, string>>): Promise<Outcome> {
  const tree = await mkdtemp(join(folder, "tree-"));
  await symlink(join(project, "node_modules"), join(tree, "node_modules"));
  await copyFile(join(project, "package.json"), join(tree, "package.json"));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), text);
  }
  let result: Outcome | undefined;
  await runChecks(
    CHECKS.filter(({ name }) => name === check),
    { project: tree, files: Object.keys(files), linters: () => bringLinters(commands, { cache }) },
    1,
    (outcome) => (result = outcome),
  );
  if (result === undefined) throw new Error(`there is no check ${check}`);
  return result;
}

describe("`npm run check`", () => {
  it("names the file and the flaw in a shell script, even one without an extension", async () => {
    const sound = '#!/bin/sh\necho "$1"\n';
    const flawed = "#!/usr/bin/env bash\nrm $1\n";

    expect(await runCheck("shell", { "sound.sh": sound })).toMatchObject({ ok: true });
    const outcome = await runCheck("shell", { "sound.sh": sound, "bin/flawed": flawed });

    expect(outcome.ok).toBe(false);
    expect(outcome.output).toContain("bin/flawed");
    expect(outcome.output).toContain("SC2086");
    expect(outcome.output).not.toContain("sound.sh");
  });

  it("names the file and the flaw in a Dockerfile, whatever its prefix", async () => {
    const sound = "FROM debian:12\n";

    expect(await runCheck("docker", { Dockerfile: sound })).toMatchObject({ ok: true });
    const outcome = await runCheck("docker", {
      Dockerfile: sound,
      "images/base.Dockerfile": "FROM debian\n",
    });

    expect(outcome.ok).toBe(false);
    expect(outcome.output).toContain("images/base.Dockerfile:1 DL3006");
  });

  it("names the document with a link to a missing file or heading", async () => {
    const page = "# Title\n\n## A part\n";

    expect(
      await runCheck("links", {
        "docs/page.md": page,
        "README.md": "[a](docs/page.md#a-part) [b](docs)",
      }),
    ).toMatchObject({ ok: true });
    const outcome = await runCheck("links", {
      "docs/page.md": page,
      "README.md": "[a](docs/page.md#another-part)\n[b](docs/pages.md) [c](#nothing)\n",
    });

    expect(outcome.ok).toBe(false);
    expect(outcome.output).toContain("README.md");
    expect(outcome.output).toContain("Cannot find heading for `#another-part` in `docs/page.md`");
    expect(outcome.output).toContain("Cannot find file `docs/pages.md`");
    expect(outcome.output).toContain("Cannot find heading for `#nothing`");
  });
});

describe("the linters that do not come from npm", () => {
  it("are cached, so that the next run needs neither Python nor a network", async () => {
    const first = await bringLinters(commands, { cache });

    await withPath("", async () => {
      expect(await bringLinters(commands, { cache })).toBe(first);
    });
  });

  it("are missing on a machine without Python, and the error names what to install", async () => {
    await withPath("", async () => {
      await expect(bringLinters(commands, { cache: join(folder, "empty") })).rejects.toThrow(
        "shellcheck and hadolint come as Python wheels, which need python3 with pip: run `apt-get install python3-pip`",
      );
    });
  });
});

async function withPath(path: string, work: () => Promise<void>): Promise<void> {
  const before = process.env["PATH"];
  process.env["PATH"] = path;
  try {
    await work();
  } finally {
    process.env["PATH"] = before;
  }
}
