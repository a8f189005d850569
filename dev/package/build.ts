import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { bundle } from "../../stack/bundle";
import { bundleRunnerImage } from "../../stack/bundle-runner-image";
import { buildDeclarations } from "./declarations";

/** The module that other programs import. */
const FACE = "components/index.ts";

/** The folder that package.json names in `exports`. */
const TARGET = "dist";

/** Builds the package's generated files: JavaScript, declarations and the replicas' entrypoint. */
export async function buildPackage(root: string): Promise<void> {
  const code = bundle({
    root,
    source: FACE,
    // People debug through this code, so it stays readable.
    options: { packages: "external", minifySyntax: false, minifyWhitespace: false },
  });
  const target = join(root, TARGET);
  const files = new Map([...buildDeclarations(root, FACE), [FACE.replace(/\.ts$/, ".js"), code]]);
  for (const [path, text] of files) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), text);
  }
  for (const path of await listFiles(target)) {
    if (!files.has(path)) await rm(join(target, path));
  }
  bundleRunnerImage(root);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
