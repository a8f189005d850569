import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { findPaths } from "../../dev/paths";
import { makeFolderAtomic } from "../../dev/atomic-folder";

const PACKAGES = join(__dirname, "python-gitlab.txt");
const CLIENT = join(__dirname, "python_gitlab_client.py");
const INSTALL_MS = 5 * 60_000;
const RUN_MS = 60_000;

/**
 * Runs python_gitlab_client.py after installing its dependencies into a cache folder.
 * @returns its output, parsed as JSON
 * @throws Error with the program's message if Python with pip is missing, PyPI cannot be reached,
 * or a call fails
 */
export async function runPythonGitlab(env: Readonly<Record<string, string>>): Promise<unknown> {
  const packages = await readFile(PACKAGES, "utf8");
  const hash = createHash("sha256").update(packages).digest("hex").slice(0, 12);
  const folder = join(findPaths().cache, `python-gitlab-${hash}`);
  await makeFolderAtomic(folder, "python-gitlab", async (draft) => {
    await execa(
      "python3",
      [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        draft,
        "--requirement",
        PACKAGES,
      ],
      { timeout: INSTALL_MS },
    );
  });
  const { stdout } = await execa("python3", [CLIENT], {
    env: { ...env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" },
    timeout: RUN_MS,
  });
  return JSON.parse(stdout);
}
