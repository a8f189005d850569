import { createHash } from "node:crypto";
import { chmod, copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "../commands";
import { removeTree } from "../files";
import type { Paths } from "../paths";
import { makeFolderAtomic } from "../atomic-folder";
import { unpackWheels } from "../wheels";

const WHEELS = join(__dirname, "linters.txt");

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
  await makeFolderAtomic(folder, "the linters", async (draft) => {
    await unpackWheels(commands, draft, {
      programs: "shellcheck and hadolint",
      requirements: WHEELS,
    });
    await takePrograms(draft);
  });
  return folder;
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
}
