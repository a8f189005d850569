import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { remove, writePrivate } from "../system/files";

/**
 * Creates the run folder and tries to write to it, before the first request to GitLab.
 * @returns the problem and what to do about it, or undefined
 */
export function prepareRunFolder(folder: string): string | undefined {
  try {
    makeFolder(folder);
    const probe = join(folder, "probe");
    writePrivate(probe, "");
    remove(probe);
    return undefined;
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return `${folder} is not writable (${code}): ${suggestFix(code)}`;
  }
}

function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
    // Without `recursive`, with which Node.js reports ENOENT for a read-only disk.
    mkdirSync(folder, { mode: 0o700 });
    return;
  }
  try {
    chmodSync(folder, 0o700);
  } catch {
    // The folder belongs to another user. Its files are readable only by their owner anyway.
  }
}

function suggestFix(code: string): string {
  const mount = (option: string) =>
    `mount a tmpfs on /run, for example with \`docker run --tmpfs /run${option}\``;
  const user = process.geteuid?.() ?? 0;
  switch (code) {
    case "EROFS":
      return `its file system is read-only; ${mount("")}`;
    case "EACCES":
    case "EPERM":
      return `this replica runs as user ${user}; ${mount(`:uid=${user}`)}`;
    case "ENOSPC":
    case "EDQUOT":
      return "its disk is full";
    default:
      return mount("");
  }
}
