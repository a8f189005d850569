import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { bundle } from "./bundle";

/**
 * Bundles the entrypoint to one file. The result depends on the sources alone, not on where they
 * lie, and the file is written only if it changes, so that an unchanged entrypoint keeps its time
 * stamp.
 * @param root folder that the paths of sources in the bundle start from
 */
export function bundleEntrypoint(root: string, source: string, target: string): void {
  writeIfChanged(
    resolve(root, target),
    bundle({ root, source: relative(root, resolve(root, source)) }),
  );
}

function writeIfChanged(path: string, text: string): void {
  if (readIfThere(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
