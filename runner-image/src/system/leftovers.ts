import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../log";
import { formatEngine, type Engine } from "./engine/engine";
import { removeJobObjects } from "./engine/job-objects";
import type { StateFile } from "./state-file";

/** How often the engine is asked to remove what does no harm, and the pause in between. */
export const TRIES = 5;
export const PAUSE_MS = 2_000;

/**
 * Removes what a replica's own jobs left after gitlab-runner has exited.
 * @returns whether none of its jobs runs; false too if that is not known
 */
export async function removeOwnJobObjects(
  { ownsSystemId, systemId, engine }: StateFile,
  report: Report,
): Promise<boolean> {
  if (engine === null) return true;
  if (!ownsSystemId) return false;
  const removed = new Set<string>();
  let left = await removeJobObjects({ engine, systemId, removed });
  for (let attempt = 1; left !== undefined && attempt < TRIES; attempt += 1) {
    await sleep(PAUSE_MS);
    left = await removeJobObjects({ engine, systemId, removed });
  }
  reportRemoved(removed.size, systemId, engine, report);
  if (left === undefined) return true;
  report("warning", `cannot remove ${describeLeftovers(systemId, engine)}: ${left.reason}`);
  return !left.mayRun;
}

/** Reports how many containers and networks were removed, if any. */
export function reportRemoved(
  count: number,
  systemId: string,
  engine: Engine,
  report: Report,
): void {
  if (count === 0) return;
  const objects = count === 1 ? "1 container or network" : `${count} containers and networks`;
  report(
    "warning",
    `removed ${objects} that jobs of ${systemId} left on ${describeEngine(engine)}`,
  );
}

/** Such as `what jobs of r_abcdefghijkl left on this node`. */
export function describeLeftovers(systemId: string, engine: Engine): string {
  return `what jobs of ${systemId} left on ${describeEngine(engine)}`;
}

function describeEngine(engine: Engine): string {
  return engine.kind === "socket" ? "this node" : formatEngine(engine);
}
