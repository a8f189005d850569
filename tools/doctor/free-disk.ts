import { statfs } from "node:fs/promises";
import type { EngineAddress } from "../../docker-engine/address";

/**
 * Reads the free bytes of the disk with an engine's data. Only an engine on this machine has a
 * readable folder: Docker's API does not report free space.
 * @returns undefined if the free space is unknown
 */
export async function readFreeDisk(
  { kind }: EngineAddress,
  folder: string,
): Promise<number | undefined> {
  if (kind !== "socket" || folder === "") return undefined;
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // A virtual machine on this computer has the folder, such as that of Docker Desktop.
    return undefined;
  }
}
