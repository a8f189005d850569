import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { build } from "esbuild";

/** Oldest Node that a replica may run on. */
const TARGET = "node20";

/**
 * Bundles the entrypoint to one file. The result depends on the sources alone, not on where they lie, and the file is
 * written only if it changes, so that an unchanged entrypoint keeps its time stamp.
 * @param root folder that the paths of sources in the bundle start from
 */
export async function bundleEntrypoint(
  root: string,
  source: string,
  target: string,
): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [relative(root, resolve(root, source))],
    outfile: resolve(root, target),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: TARGET,
    legalComments: "none",
    logLevel: "silent",
    write: false,
  });
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
}

function writeIfChanged(path: string, contents: Uint8Array): void {
  if (readIfThere(path)?.equals(contents) === true) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
