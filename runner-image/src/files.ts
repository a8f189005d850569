import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Writes a file that only its owner reads, whole or not at all. */
export function writePrivate(path: string, text: string): void {
  renameSync(writeDraft(path, text), path);
}

/** Writes what is to become a file that only its owner reads. @returns where it lies until it is renamed */
export function writeDraft(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  // What an earlier try left might be readable by others.
  remove(draft);
  writeFileSync(draft, text, { mode: 0o600 });
  return draft;
}

/** Text of a file; undefined if there is none. A pipe, at which gitlab-runner waits, is none. */
export function readIfThere(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== false) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Moves a file over another, if there is one to move. */
export function moveIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

export function exists(path: string): boolean {
  return existsSync(path);
}

export function remove(path: string): void {
  rmSync(path, { force: true });
}
