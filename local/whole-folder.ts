import { mkdir, rename } from "node:fs/promises";
import { exists, removeTree } from "./files";
import { withLock } from "./lock";

/** Longest wait for another process that fills the same folder. */
const WAIT_MS = 30 * 60_000;

/**
 * Makes a folder with all that belongs in it, or not at all: an interrupted run leaves a draft that the next one
 * throws away, and of two runs at once one waits for the other.
 * @param what what is made, as in "another process makes …"
 * @param fill puts the content into an empty folder
 * @returns true if it was made now, false if it was there
 */
export async function makeFolder(
  folder: string,
  what: string,
  fill: (draft: string) => Promise<void>,
): Promise<boolean> {
  if (await exists(folder)) return false;
  return withLock(`${folder}.lock`, { waitMs: WAIT_MS, what: `makes ${what}` }, async () => {
    if (await exists(folder)) return false;
    const draft = `${folder}.draft`;
    await removeTree(draft);
    await mkdir(draft, { recursive: true });
    await fill(draft);
    await rename(draft, folder);
    return true;
  });
}
