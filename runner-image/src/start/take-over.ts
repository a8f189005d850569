import { setTimeout as sleep } from "node:timers/promises";
import { isAborted, waitAfter } from "../gitlab/retry";
import type { Report } from "../log";
import type { Engine } from "../system/engine/engine";
import { removeJobObjects } from "../system/engine/job-objects";
import { describeLeftovers, reportRemoved } from "../system/leftovers";
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
 * the engine, however long that takes, and writes the system ID into the place, for a successor if
 * this replica is killed too. GitLab retries the jobs of a killed replica, so they must not
 * continue. Unless the ID is its own, the replica removes nothing: a running replica may have the
 * same ID.
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

/** Tries until nothing is left, or a stop signal ends it. Reports each new reason once. */
async function removeLeftovers(context: RemovingLeftovers): Promise<void> {
  const { engine, systemId, report, signal } = context;
  const found = new Set<string>();
  let told = "";
  for (let attempt = 1; !isAborted(signal); attempt += 1) {
    const reason = await removeJobObjects({ engine, systemId, found, signal }).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    if (isAborted(signal)) return;
    if (reason === undefined) {
      reportRemoved(found.size, systemId, engine, report);
      if (told !== "" && found.size === 0) {
        report("starting", `nothing is left of ${describeLeftovers(systemId, engine)}`);
      }
      return;
    }
    if (reason !== told) {
      told = reason;
      report(
        "waiting",
        `asking for no job before it has removed ${describeLeftovers(systemId, engine)}: ${reason}`,
      );
    }
    await sleep(waitAfter(attempt, undefined, Math.random()), undefined, { signal }).catch(
      () => undefined,
    );
  }
}
