import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** Writes a file atomically. Only its owner can read it. */
export function writePrivate(path: string, text: string): void {
  renameSync(writeDraft(path, text), path);
}

/**
 * Writes a draft of a file that only its owner can read.
 * @returns the draft's path, to be renamed
 */
export function writeDraft(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  // A draft from an earlier attempt might be readable by others.
  remove(draft);
  try {
    writeFileSync(draft, text, { mode: 0o600 });
  } catch (error) {
    // A partial draft would take up space on a full disk.
    tryToRemove(draft);
    throw error;
  }
  return draft;
}

/**
 * Overwrites an existing file with a shorter text, in one write and without needing space, for a
 * full disk. The rest of the file becomes line feeds.
 * @throws Error if the text is longer than the file
 */
export function overwrite(path: string, text: string): void {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(size, "\n");
    const length = Buffer.byteLength(text);
    if (length > size) throw new Error(`${path} has no room for ${length} bytes`);
    bytes.write(text);
    writeSync(file, bytes, 0, size, 0);
  } finally {
    closeSync(file);
  }
}

/** Reads a file. @returns undefined if it does not exist, or is the pipe of gitlab-runner */
export function readIfThere(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== false) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export function exists(path: string): boolean {
  return existsSync(path);
}

export function remove(path: string): void {
  rmSync(path, { force: true });
}

/** Removes a file if possible. A remaining file must not stop what comes next. */
export function tryToRemove(path: string): void {
  try {
    remove(path);
  } catch {
    // The disk is read-only or gone.
  }
}
