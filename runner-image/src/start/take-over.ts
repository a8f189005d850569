import { setTimeout as sleep } from "node:timers/promises";
import { isAborted, waitAfter } from "../gitlab/retry";
import type { Report } from "../log";
import type { Engine } from "../system/engine/engine";
import { removeJobObjects } from "../system/engine/job-objects";
import { describeLeftovers, PAUSE_MS, reportRemoved, TRIES } from "../system/leftovers";
import { readPlace, writePlace } from "../system/place";
import type { Identity } from "./identity";

export interface TakingOver {
  /** The file that the replica holds as its place; undefined if it has none. */
  readonly place: string | undefined;
  readonly identity: Pick<Identity, "systemId" | "ownsSystemId">;
  /** The engine that runs its jobs; undefined if none does. */
  readonly engine: Engine | undefined;
  readonly report: Report;
  /** Ends the wait at once. */
  readonly signal: AbortSignal;
}

/**
 * Takes over from a killed predecessor: removes the containers and networks that its jobs left on
 * the engine, and writes the system ID into the place, for a successor if this replica is killed
 * too. GitLab retries the jobs of a killed replica, so this takes as long as one of them may run.
 * Unless the ID is its own, the replica removes nothing: a running replica may have the same ID.
 */
export async function takeOver(context: TakingOver): Promise<void> {
  const { place, identity, engine, report, signal } = context;
  const { systemId, ownsSystemId } = identity;
  const before = place === undefined ? undefined : readPlace(place);
  // If the predecessor had another ID, only its place tells that one, until its jobs are gone.
  if (place !== undefined && before === undefined) writePlace(place, systemId);
  if (engine !== undefined && ownsSystemId) {
    for (const id of new Set([systemId, before ?? systemId])) {
      await removeLeftovers({ engine, systemId: id, report, signal });
      if (isAborted(signal)) return;
    }
  }
  if (place !== undefined && before !== systemId) writePlace(place, systemId);
}

interface RemovingLeftovers {
  readonly engine: Engine;
  readonly systemId: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Tries until none of the jobs runs, or a stop signal ends it. Reports each new reason once. A
 * network or a dead container that the engine keeps does not hold up the replica.
 */
async function removeLeftovers(context: RemovingLeftovers): Promise<void> {
  const { engine, systemId, report, signal } = context;
  const removed = new Set<string>();
  const what = describeLeftovers(systemId, engine);
  let [told, harmless] = ["", 0];
  for (let attempt = 1; !isAborted(signal); attempt += 1) {
    const left = await removeJobObjects({ engine, systemId, removed, signal });
    if (isAborted(signal)) return;
    harmless = left?.mayRun === false ? harmless + 1 : 0;
    if (left === undefined || harmless === TRIES) {
      reportRemoved(removed.size, systemId, engine, report);
      if (left !== undefined) report("warning", `cannot remove ${what}: ${left.reason}`);
      if (told !== "" && removed.size === 0) report("starting", `nothing is left of ${what}`);
      return;
    }
    if (left.mayRun && left.reason !== told) {
      told = left.reason;
      report(
        "waiting",
        `not asking for jobs yet, because it cannot remove ${what}: ${told}; remove them with \`docker rm --force\` if the engine cannot`,
      );
    }
    const ms = left.mayRun ? waitAfter(attempt, undefined, Math.random()) : PAUSE_MS;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
