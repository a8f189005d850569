import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import execa from "execa";
import * as z from "zod/mini";
import { exists, removeTree } from "../files";

const packedSchema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

/**
 * Lists the files that `npm pack` would put into the package. `npm pack` first builds the package,
 * so this runs it in a temporary copy of the checkout.
 * @param project the checkout
 * @throws Error if the package cannot be built
 */
export async function listPackageFiles(project: string): Promise<readonly string[]> {
  const copy = await mkdtemp(join(tmpdir(), "release-"));
  try {
    // git expects the folder's final slash.
    await execa("git", ["checkout-index", "--all", `--prefix=${copy}${sep}`], { cwd: project });
    const packages = join(project, "node_modules");
    if (await exists(packages)) await symlink(packages, join(copy, "node_modules"));
    const { stdout } = await execa("npm", ["pack", "--dry-run", "--json", "--silent"], {
      cwd: copy,
      stdin: "ignore",
    });
    const [packed] = packedSchema.parse(JSON.parse(stdout));
    return packed.files.map(({ path }) => path);
  } finally {
    await removeTree(copy);
  }
}
