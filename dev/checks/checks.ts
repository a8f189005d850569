import { open } from "node:fs/promises";
import { basename, join } from "node:path";

/** What a check examines. */
export interface Subject {
  /** The checkout. */
  readonly project: string;
  /** The files that git tracks or would add, relative to the checkout. */
  readonly files: readonly string[];
  /** The folder with the programs of linters.txt. The first call installs them if necessary. */
  readonly linters: () => Promise<string>;
}

/**
 * One check of `npm run check`: a command that exits with 0 if it finds nothing and otherwise
 * prints what it found.
 */
export interface Check {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: (subject: Subject) => Promise<readonly [string, ...string[]]>;
}

const npmScript = (name: string, script: string): Check => ({
  name,
  command: () => Promise.resolve(["npm", "run", "--silent", script]),
});

/** All checks, the slowest first. */
export const CHECKS: readonly Check[] = [
  npmScript("lint", "lint"),
  npmScript("types", "typecheck"),
  npmScript("format", "format:check"),
  npmScript("unused", "unused"),
  npmScript("links", "links"),
  {
    name: "shell",
    command: async ({ project, files, linters }) => [
      join(await linters(), "shellcheck"),
      // shellcheck reports functions that only a trap calls as unreachable or never called.
      "--exclude=SC2317,SC2329",
      ...(await findShellScripts(project, files)),
    ],
  },
  {
    name: "docker",
    command: async ({ files, linters }) => [
      join(await linters(), "hadolint"),
      ...files.filter(isDockerfile),
    ],
  },
];

/** True for `Dockerfile`, `Dockerfile.NAME` and `NAME.Dockerfile`. */
function isDockerfile(file: string): boolean {
  return basename(file).split(".").includes("Dockerfile");
}

const SHELL = /^#!.*\b(?:ba|da|k)?sh\b/;

/** Files named `NAME.sh`, and files whose first line names a shell. */
async function findShellScripts(project: string, files: readonly string[]): Promise<string[]> {
  const scripts: string[] = [];
  for (const file of files) {
    if (file.endsWith(".sh") || SHELL.test(await readStart(join(project, file))))
      scripts.push(file);
  }
  return scripts;
}

const START_BYTES = 80;

async function readStart(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
