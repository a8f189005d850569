import { readFile } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import * as z from "zod/mini";
import { ExpectedError } from "../expected-error";
import type { Checkout } from "./problems";

const packageSchema = z.object({ name: z.string(), version: z.optional(z.string()) });

const lockSchema = z.object({
  version: z.optional(z.string()),
  packages: z.object({ "": z.object({ version: z.optional(z.string()) }) }),
});

/**
 * Reads what a release depends on. Changes nothing.
 * @param project the checkout
 */
export async function readCheckout(project: string): Promise<Checkout> {
  const git = async (...args: string[]): Promise<string> => {
    // Without this option `git status` may write the index.
    const all = ["--no-optional-locks", ...args];
    return (await execa("git", all, { cwd: project, stdin: "ignore" })).stdout;
  };
  const [own, lock, changelog] = await Promise.all([
    readJson(project, "package.json", packageSchema),
    readJson(project, "package-lock.json", lockSchema),
    readFile(join(project, "CHANGELOG.md"), "utf8"),
  ]);
  const [tags, status, branch, commit] = await Promise.all([
    git("for-each-ref", "--format=%(refname:strip=2)", "refs/tags/v*"),
    git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"),
    git("branch", "--show-current"),
    git("rev-parse", "HEAD"),
  ]);
  return {
    changelog,
    name: own.name,
    versions: [
      { place: "`version` in package.json", version: own.version },
      { place: "`version` in package-lock.json", version: lock.version },
      {
        place: '`packages[""].version` in package-lock.json',
        version: lock.packages[""].version,
      },
    ],
    tags: tags.split("\n").filter((tag) => tag !== ""),
    // Each entry is two letters, a space and the path.
    changed: status
      .split("\0")
      .filter((entry) => entry !== "")
      .map((entry) => entry.slice(3)),
    branch: branch === "" ? undefined : branch,
    commit,
  };
}

async function readJson<T>(project: string, file: string, schema: z.ZodMiniType<T>): Promise<T> {
  const text = await readFile(join(project, file), "utf8");
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ExpectedError(
      `${file} is not a valid file of npm: restore it with \`git restore ${file}\``,
      {
        cause,
      },
    );
  }
}
