import { access, constants, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

/**
 * Writes a file so that a reader, or the next run after an interruption, sees the old text or the new one, never a part.
 * @param mode permissions. @default 0o644
 */
export async function writeFileWhole(file: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode });
  await rename(draft, file);
}

/** Removes a file or folder with all that is in it; nothing happens if it is not there. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** True if a file or folder is there. */
export function exists(path: string): Promise<boolean> {
  return canAccess(path, constants.F_OK);
}

/** True if a file is there and may be executed. */
export function isExecutable(path: string): Promise<boolean> {
  return canAccess(path, constants.X_OK);
}

/** True if a program of this name is on PATH, or among the system programs that a user's PATH may lack. */
export async function isInstalled(program: string): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const folder of [...folders, "/usr/sbin", "/sbin"]) {
    if (folder !== "" && (await isExecutable(join(folder, program)))) return true;
  }
  return false;
}

async function canAccess(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
