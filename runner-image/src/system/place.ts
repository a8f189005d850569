import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import type { StateFile } from "./state-file";

/** Reads the system ID of a replica that was killed while it held a place. */
export function readPlace(place: string): string | undefined {
  try {
    const systemId = readFileSync(place, "utf8").trim();
    return /^r_[0-9a-zA-Z]{12}$/.test(systemId) ? systemId : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the system ID into the file itself: a new file under its name would not be locked. */
export function writePlace(place: string, systemId: string): void {
  try {
    writeFileSync(place, `${systemId}\n`);
  } catch {
    // The disk is full. If this replica is killed, its successor may take another place.
  }
}

/**
 * Empties the place, once GitLab no longer has this replica's manager and nothing is left of its
 * jobs.
 */
export function clearPlace({ place }: StateFile): void {
  if (place === null) return;
  try {
    truncateSync(place);
  } catch {
    // The successor then uses this system ID again. That does no harm.
  }
}
