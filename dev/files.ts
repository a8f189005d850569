import {
  access,
  chmod,
  constants,
  mkdir,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

/**
 * Writes a file atomically: a reader, or the next run after an interruption, sees the old content
 * or the new, never a part.
 * @param mode permissions. @default 0o600: its user only
 */
export async function writeFileAtomic(file: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode });
  await rename(draft, file);
}

/**
 * Makes a folder that only its user can access, even if the folder exists with other permissions.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/**
 * Revokes everybody else's access to a folder and its content. Ignores files that disappear in the
 * meantime.
 */
export async function closeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const inside = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [folder, ...inside]) {
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => 0,
    );
    if ((mode & 0o077) !== 0) await chmod(path, mode & 0o700).catch(() => undefined);
  }
}

/** Removes a file or a folder with its content. Does nothing if it does not exist. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** True if a file or folder exists. */
export function exists(path: string): Promise<boolean> {
  return canAccess(path, constants.F_OK);
}

/** True if a file exists and is executable. */
export function isExecutable(path: string): Promise<boolean> {
  return canAccess(path, constants.X_OK);
}

/**
 * True if a program of this name is on PATH or in the system folders that a user's PATH may lack.
 */
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
