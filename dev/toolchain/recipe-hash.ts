import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "./tools";

/**
 * Hash of everything that determines a tool's programs: the downloads, the build arguments and the
 * files of its Go modules.
 */
export async function hashRecipe(
  goModules: string,
  tool: Tool,
  arch: NodeJS.Architecture,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([tool, arch]));
  for (const module of new Set(tool.builds.map((build) => build.module))) {
    for (const file of await listFiles(join(goModules, module))) {
      hash.update(`\0${file}\0`).update(await readFile(join(goModules, module, file)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
