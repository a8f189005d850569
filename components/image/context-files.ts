import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders of a build context that do not reach the image. The bundle contains the sources. */
const IGNORED = new Set(["src"]);

/** Files that editors, git and file managers leave behind. */
const STRAY =
  /(?:^|\/)(?:\.[^/]*\.sw[a-z]|[^/]*~|\.#[^/]*|#[^/]*#|[^/]*\.(?:bak|orig|rej|tmp)|\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/**
 * Lists the files of a build context that an image is made from. If .dockerignore excludes
 * everything (`*`) except some paths (`!PATH`), these are the files. Otherwise they are all files
 * except the sources and the files that editors leave behind.
 */
export function listContextFiles(context: string): readonly string[] {
  return readNamedFiles(context) ?? listFiles(context, "");
}

/** Reads the exceptions from `*` in .dockerignore. */
function readNamedFiles(context: string): readonly string[] | undefined {
  const path = join(context, ".dockerignore");
  if (!existsSync(path)) return undefined;
  const [first, ...exceptions] = readFileSync(path, "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const plain = exceptions.every((line) => /^![^*?[\]!]+$/.test(line));
  if (first !== "*" || !plain) return undefined;
  return exceptions
    .map((line) => line.slice(1))
    .filter((name) => existsSync(join(context, name)))
    .flatMap((name) =>
      lstatSync(join(context, name)).isDirectory() ? listFiles(context, name) : [name],
    );
}

function listFiles(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .map((name) => (folder === "" ? name : `${folder}/${name}`))
    .filter((path) => !IGNORED.has(path) && !STRAY.test(path))
    .flatMap((path) =>
      lstatSync(join(root, path)).isDirectory() ? listFiles(root, path) : [path],
    );
}
