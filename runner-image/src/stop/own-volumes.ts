import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../system/clock";
import type { Engine } from "../system/engine/engine";
import { listJobVolumes, removeVolume, type JobVolume } from "../system/engine/job-volumes";
import type { RequestLimits } from "../system/engine/requests";
import type { Report } from "../log";
import type { StateFile } from "../system/state-file";
import { followLater } from "../gitlab/retry";

/** How long a leaving replica removes volumes at most, even if the grace period is longer. */
const REMOVE_TIMEOUT_MS = 120_000;

/** The shortest time for which a request is worth sending. */
const SHORTEST_REQUEST_MS = 500;

/** How long a request in flight may continue when the stop is forced. */
const FORCED_TIMEOUT_MS = 2_000;

/** How often to try to remove volumes that are in use, and the pause in between. */
const TRIES = 4;
const PAUSE_MS = 500;

/** When a leaving replica stops removing its volumes. */
export interface LeavingLimits {
  /** When the grace period ends, by `monotonicMs`. */
  readonly graceEndMs: number;
  /** Aborted when the stop is forced. */
  readonly signal: AbortSignal;
}

/**
 * Removes the volumes with the working trees and caches of a leaving replica's jobs. No later
 * replica would find them: the next one of this slot may get another system ID. A killed replica
 * does not get here, so its successor finds them. Never rejects, because a volume that stays must
 * not fail the stop.
 */
export async function removeOwnVolumes(
  { place, systemId, engine, tidiesUp }: StateFile,
  { graceEndMs, signal }: LeavingLimits,
  report: Report,
): Promise<void> {
  // Without a place, another running replica may have the same system ID.
  if (!tidiesUp || place === null || engine === null) return;
  const endMs = Math.min(graceEndMs, monotonicMs() + REMOVE_TIMEOUT_MS);
  const forced = followLater(signal, FORCED_TIMEOUT_MS);
  const limits = () => ({ timeoutMs: Math.max(1, endMs - monotonicMs()), signal: forced });
  const mayGoOn = () => !signal.aborted && endMs - monotonicMs() > SHORTEST_REQUEST_MS;
  const problem = await removeAll({ engine, systemId, limits, mayGoOn }).catch(String);
  if (problem !== undefined) {
    report("warning", `volumes of jobs of ${systemId} remain on its engine: ${problem}`);
  }
}

interface Removing {
  readonly engine: Engine;
  readonly systemId: string;
  /** The limits of a request that begins now. */
  readonly limits: () => RequestLimits;
  readonly mayGoOn: () => boolean;
}

/** @returns why some volumes remain; undefined if none does */
async function removeAll(removing: Removing): Promise<string | undefined> {
  const { engine, systemId, limits } = removing;
  let left: readonly JobVolume[] = await listJobVolumes(engine, systemId, limits());
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const { inUse, late } = await removeThese(left, removing);
    if (late > 0) return `${late + inUse.length} of them, because time is up`;
    if (inUse.length > 0 && attempt === TRIES) return `${inUse.length} of them are in use`;
    left = inUse;
    // The engine may still be removing the container of a job.
    if (left.length > 0) await sleep(PAUSE_MS);
  }
  return undefined;
}

/** @returns the volumes that a container uses, and the number of those that came too late */
async function removeThese(
  volumes: readonly JobVolume[],
  { engine, limits, mayGoOn }: Removing,
): Promise<{ readonly inUse: readonly JobVolume[]; readonly late: number }> {
  const inUse: JobVolume[] = [];
  for (const [index, volume] of volumes.entries()) {
    if (!mayGoOn()) return { inUse, late: volumes.length - index };
    if ((await removeVolume(engine, volume, limits())) === "in use") inUse.push(volume);
  }
  return { inUse, late: 0 };
}
