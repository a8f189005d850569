import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { listContextFiles } from "./context-files";

/**
 * Computes a hash of everything that an image is made from. It depends on the names and contents of
 * the files. It ignores their order, timestamps, owners, modes and line endings, and the location
 * of the folder, so two checkouts of one commit have the same hash.
 * @param inputs additional inputs, such as the base image
 * @returns 12 hexadecimal digits
 */
export function hashContent(context: string, inputs: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => compare(a, b));
  return sha256(JSON.stringify([readFiles(context), sorted])).slice(0, 12);
}

/** Computes a 12-digit digest of each file, by path. A diff then shows which files changed. */
export function digestFiles(context: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readFiles(context).map(([path, kind, content]) => [
      path,
      kind === "link" ? content : content.slice(0, 12),
    ]),
  );
}

type Entry = readonly [path: string, kind: "file" | "link", content: string];

function readFiles(context: string): readonly Entry[] {
  return [...listContextFiles(context)].sort(compare).map((path): Entry => {
    const file = join(context, path);
    return lstatSync(file).isSymbolicLink()
      ? [path, "link", readlinkSync(file)]
      : [path, "file", sha256(withUnixLineEndings(readFileSync(file)))];
  });
}

/** Both kinds of line ending are fine in a Dockerfile. Files for the image must have Unix ones. */
function withUnixLineEndings(content: Buffer): Buffer {
  return Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

/** By code unit, because locales order differently. No two paths and no two names are the same. */
function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
