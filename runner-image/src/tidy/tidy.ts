import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getSystemIdPrefix } from "../../../contract/identity";
import type { Report } from "../log";
import { formatEngine, type Engine } from "../system/engine/engine";
import type { ReplicaPaths } from "../system/paths";
import type { PoolOnNode, StateFile } from "../system/state-file";
import {
  addRemoved,
  listLeftovers,
  NOTHING_REMOVED,
  removeLeftovers,
  type Leftovers,
  type Removed,
} from "./leftovers";
import { ownsPrefix } from "./other-replicas";
import { isHeld, listPlaces, lockFile, lockPlaces, type Place } from "./places";

/**
 * The time between two looks. An ID counts as dead only if no replica had it in both: a killed
 * replica's successor comes within seconds, and finds its caches.
 */
const CONFIRM_MS = 60_000;

/** A file in the folder of places that only one replica locks at a time. */
const LOCK = "tidy";

export interface Tidying {
  readonly paths: Pick<ReplicaPaths, "tidy">;
  readonly state: Pick<StateFile, "place" | "engine" | "systemId" | "poolOnNode" | "tidiesUp">;
  readonly report: Report;
  /** @default a minute */
  readonly confirmMs?: number;
}

/**
 * Removes what replicas of this pool left on the engine that no longer run: replicas that were
 * killed and have no successor on this node, and those of a deleted service of the same name.
 * Reports what it removed, and a problem only if it is new.
 */
export async function tidy({ paths, state, report, confirmMs }: Tidying): Promise<void> {
  const { place, engine, poolOnNode, systemId, tidiesUp } = state;
  if (!tidiesUp || place === null || engine === null || poolOnNode === null) return;
  const folder = dirname(place);
  const lock = lockFile(join(folder, LOCK), true);
  // Another replica of the pool is at it.
  if (lock === undefined) return;
  try {
    const context = { folder, engine, poolOnNode, systemId };
    const removed = await removeDead(context, confirmMs ?? CONFIRM_MS);
    const what = describe(removed);
    if (what !== "") {
      report("warning", `removed ${what} that earlier replicas left on ${formatEngine(engine)}`);
    }
    remember(paths.tidy, "");
  } catch (error) {
    const problem = (error as Error).message;
    if (problem === recall(paths.tidy)) return;
    report(
      "warning",
      `cannot remove what earlier replicas left on ${formatEngine(engine)}: ${problem}`,
    );
    remember(paths.tidy, problem);
  } finally {
    lock.release();
  }
}

interface Looking {
  readonly folder: string;
  readonly engine: Engine;
  readonly poolOnNode: PoolOnNode;
  /** That of this replica. */
  readonly systemId: string;
}

/** Leftovers of a replica that may have ended. */
interface Candidate extends Leftovers {
  /** The places that a replica with this ID would hold; none for an ID that only has the prefix. */
  readonly places: readonly string[];
}

async function removeDead(context: Looking, confirmMs: number): Promise<Removed> {
  const first = await look(context);
  if (first.length === 0) return NOTHING_REMOVED;
  await sleep(confirmMs);
  const seen = new Set(first.map(({ systemId }) => systemId));
  let removed = NOTHING_REMOVED;
  for (const candidate of await look(context)) {
    if (!seen.has(candidate.systemId)) continue;
    const { places } = candidate;
    // No replica can take these places while its leftovers are being removed.
    const lock = lockPlaces(places);
    if (lock === undefined) continue;
    try {
      const endsJobs = places.length > 0;
      removed = addRemoved(removed, await removeLeftovers(context.engine, candidate, endsJobs));
    } finally {
      lock.release();
    }
  }
  return removed;
}

/** Finds the leftovers of replicas that do not run now. */
async function look(context: Looking): Promise<readonly Candidate[]> {
  const { folder, engine, poolOnNode, systemId } = context;
  const prefix = getSystemIdPrefix(poolOnNode.pool);
  const marked = (await listLeftovers(engine)).filter(
    (one) => one.systemId.startsWith(prefix) && one.systemId !== systemId,
  );
  if (marked.length === 0) return [];
  // After the engine has answered: whoever has left something there has a place by now.
  const places = listPlaces(folder, poolOnNode);
  // Otherwise this replica would not recognize the others either.
  if (!places.some(({ systemIds }) => systemIds.includes(systemId))) return [];
  const candidates = marked.map((one) => ({ ...one, places: findPlaces(places, one.systemId) }));
  const exact = candidates.filter((one) => one.places.length > 0 && !one.places.some(isHeld));
  const others = candidates.filter(
    (one) => one.places.length === 0 && one.containers.every(({ isDead }) => isDead),
  );
  if (others.length === 0) return exact;
  const held = places.filter(({ path }) => isHeld(path)).length;
  return (await ownsPrefix(engine, poolOnNode, held)) ? [...exact, ...others] : exact;
}

function findPlaces(places: readonly Place[], systemId: string): readonly string[] {
  return places.filter(({ systemIds }) => systemIds.includes(systemId)).map(({ path }) => path);
}

/** Such as `2 volumes and 1 container`; empty if nothing was removed. */
function describe({ volumes, containers, networks }: Removed): string {
  const parts = [
    count(volumes, "volume"),
    count(containers, "container"),
    count(networks, "network"),
  ].filter((part) => part !== "");
  return parts.join(", ").replace(/, ([^,]*)$/, " and $1");
}

function count(number: number, what: string): string {
  if (number === 0) return "";
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

/** Reads the problem that was reported last. */
function recall(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function remember(path: string, problem: string): void {
  try {
    writeFileSync(path, problem);
  } catch {
    // The problem is then reported again.
  }
}
