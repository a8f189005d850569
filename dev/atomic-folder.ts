import { mkdir, rename } from "node:fs/promises";
import { exists, removeTree } from "./files";
import { withLock } from "./lock";

/** Longest wait for another process that fills the same folder. */
const WAIT_MS = 30 * 60_000;

/**
 * Makes a folder with all its content, or not at all. An interrupted run leaves a draft, which the
 * next run discards. Of two simultaneous runs, one waits for the other.
 * @param what what the folder holds, to complete "another process is making …"
 * @param fill puts the content into an empty folder
 * @returns true if this call made the folder, false if it existed
 */
export async function makeFolderAtomic(
  folder: string,
  what: string,
  fill: (draft: string) => Promise<void>,
): Promise<boolean> {
  if (await exists(folder)) return false;
  return withLock(`${folder}.lock`, { waitMs: WAIT_MS, what: `is making ${what}` }, async () => {
    if (await exists(folder)) return false;
    const draft = `${folder}.draft`;
    await removeTree(draft);
    await mkdir(draft, { recursive: true });
    await fill(draft);
    await rename(draft, folder);
    return true;
  });
}
