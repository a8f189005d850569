import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Folders of the build context that do not reach the image: the bundle holds what is in them. */
const LEFT_OUT = new Set(["src"]);

/**
 * Hash of everything that an image is made from. It depends on what the files hold, their names and whether they can be
 * executed; not on their order, time stamps and owners, nor on where the folder lies.
 * @param inputs further inputs, such as the base image
 * @returns 12 hexadecimal digits
 */
export function contentHash(context: string, inputs: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => compare(a, b));
  return sha256(JSON.stringify([listFiles(context), sorted])).slice(0, 12);
}

/** What each file of the context holds, by its path, as 12 digits of a hash: it shows in a diff which files changed. */
export function fileDigests(context: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    listFiles(context).map(([path, kind, content]) => [
      path,
      kind === "link" ? content : `${content.slice(0, 12)}${kind === "file" ? "" : " executable"}`,
    ]),
  );
}

type Entry = readonly [path: string, kind: "file" | "executable" | "link", content: string];

function listFiles(root: string, folder = ""): readonly Entry[] {
  return readdirSync(join(root, folder))
    .map((name) => (folder === "" ? name : `${folder}/${name}`))
    .filter((path) => !LEFT_OUT.has(path))
    .sort(compare)
    .flatMap((path) => {
      const stats = lstatSync(join(root, path));
      if (stats.isDirectory()) return listFiles(root, path);
      if (stats.isSymbolicLink()) return [[path, "link", readlinkSync(join(root, path))] as const];
      const kind = (stats.mode & 0o100) === 0 ? "file" : "executable";
      return [[path, kind, sha256(readFileSync(join(root, path)))] as const];
    });
}

/** By code unit: the order of a locale differs between machines. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
