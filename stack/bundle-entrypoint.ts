import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { bundle } from "./bundle";

/**
 * Bundles the entrypoint into one file. The result depends only on the sources, not on their
 * location. The file is written only if it changes, so an unchanged entrypoint keeps its timestamp.
 * @param root folder that paths in the bundle are relative to
 */
export function bundleEntrypoint(root: string, source: string, target: string): void {
  writeIfChanged(
    resolve(root, target),
    bundle({ root, source: relative(root, resolve(root, source)) }),
  );
}

function writeIfChanged(path: string, text: string): void {
  if (readIfExists(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
