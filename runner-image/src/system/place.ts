import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { formatEngine, type Engine } from "./engine/engine";
import { removeJobObjects } from "./engine/job-objects";
import type { Report } from "../log";
import type { StateFile } from "./state-file";

/** How often to ask the engine to remove what a killed replica left, and the pause in between. */
const TRIES = 5;
const PAUSE_MS = 2_000;

/**
 * Writes the system ID into the place, for a successor if this replica is killed. Removes the
 * containers and networks that the jobs of a killed predecessor left on its engine.
 * @param place the file; without one, nothing is removed, because another running replica may have
 * the same system ID
 * @param engine the engine that runs its jobs; undefined if none does
 */
export async function takeOverPlace(
  place: string | undefined,
  systemId: string,
  engine: Engine | undefined,
  report: Report,
): Promise<void> {
  if (place === undefined) return;
  const before = readPlace(place);
  writePlace(place, systemId);
  if (engine === undefined) return;
  for (const id of new Set([systemId, ...before])) await removeLeftovers(engine, id, report);
}

/** Removes what this replica's own jobs left after gitlab-runner has exited. */
export async function removeOwnJobObjects(
  { place, systemId, engine }: StateFile,
  report: Report,
): Promise<void> {
  if (place !== null && engine !== null) await removeLeftovers(engine, systemId, report);
}

/** Empties the place, once GitLab no longer has this replica's manager. */
export function clearPlace({ place }: StateFile): void {
  if (place === null) return;
  try {
    truncateSync(place);
  } catch {
    // The successor then uses this system ID again. That does no harm.
  }
}

async function removeLeftovers(engine: Engine, systemId: string, report: Report): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const count = await removeJobObjects(engine, systemId);
      if (count > 0) {
        report(
          "warning",
          `removed ${describeCount(count)} that jobs of ${systemId} left on ${describeEngine(engine)}`,
        );
      }
      return;
    } catch (error) {
      if (attempt === TRIES) {
        report(
          "warning",
          `cannot remove what jobs of ${systemId} left on ${describeEngine(engine)}: ${String(error)}`,
        );
        return;
      }
      await sleep(PAUSE_MS);
    }
  }
}

function describeEngine(engine: Engine): string {
  return engine.kind === "socket" ? "this node" : formatEngine(engine);
}

function describeCount(count: number): string {
  return count === 1 ? "1 container or network" : `${count} containers and networks`;
}

/** Reads the system ID of a replica that was killed while it held the place. */
function readPlace(place: string): readonly string[] {
  try {
    const systemId = readFileSync(place, "utf8").trim();
    return /^r_[0-9a-zA-Z]{12}$/.test(systemId) ? [systemId] : [];
  } catch {
    return [];
  }
}

/** Writes the system ID into the file itself: a new file under its name would not be locked. */
function writePlace(place: string, systemId: string): void {
  try {
    writeFileSync(place, `${systemId}\n`);
  } catch {
    // The disk is full. If this replica is killed, its successor may take another place.
  }
}
