import type { Manager } from "../gitlab/runners";
import type { RegisteredRunner } from "./registered-runners";

/** What a dead replica left in GitLab. */
export interface Remains {
  /** `runner`: one that the replica registered for itself, with its manager. */
  readonly kind: "manager" | "runner";
  readonly systemId: string;
  readonly runnerId: number;
  /** When GitLab last heard of it, or it was made, in ISO 8601; undefined where GitLab does not tell. */
  readonly lastContact: string | undefined;
}

/** What stays although no replica of this swarm owns it, and why. */
export interface Kept {
  readonly remains: Remains;
  readonly reason: string;
}

/** What a reap of one pool removes. */
export interface ReapPlan {
  readonly remove: readonly Remains[];
  readonly keep: readonly Kept[];
}

/** What GitLab shows of a pool. */
export interface Found {
  /** Managers with the pool's mark. */
  readonly managers: readonly Manager[];
  /** Runners that replicas of the pool registered. */
  readonly registered: readonly RegisteredRunner[];
}

/**
 * Decides what to remove: what carries the pool's mark, belongs to no living replica, runs no job and has been silent. A
 * process that polls is heard of every minute, so that a replica of a namesake in another swarm is never silent.
 * @param living system IDs of the replicas that run, wait or drain; read after GitLab, or one that has just come is missing
 * @param silence seconds without a contact after which a manager counts as dead
 */
export function planReap(
  living: readonly string[],
  found: Found,
  silence: number,
  now: Date,
): ReapPlan {
  const dead = remainsOf(found).filter(({ remains }) => !isOwned(remains, living, found));
  const judged = dead.map(({ remains, jobs }) => ({
    remains,
    reason: reasonToKeep(remains, jobs, silence, now),
  }));
  return {
    remove: judged.flatMap(({ remains, reason }) => (reason === undefined ? [remains] : [])),
    keep: judged.flatMap(({ remains, reason }) =>
      reason === undefined ? [] : [{ remains, reason }],
    ),
  };
}

/**
 * Whether a living replica uses it. One that was killed comes back under its system ID. With a registration token it may register another runner then:
 * the newest is the one that it uses.
 */
export function isOwned(
  remains: Remains,
  living: readonly string[],
  { registered }: Pick<Found, "registered">,
): boolean {
  const isOutdated =
    remains.kind === "runner" &&
    registered.some(({ systemId, id }) => systemId === remains.systemId && id > remains.runnerId);
  return living.includes(remains.systemId) && !isOutdated;
}

interface Candidate {
  readonly remains: Remains;
  readonly jobs: readonly number[];
}

/** A runner that a replica registered goes as a whole; its manager goes with it. */
function remainsOf({ managers, registered }: Found): readonly Candidate[] {
  const runners = registered.map(({ id, systemId, created, contacted }): Candidate => {
    const owned = managers.filter(({ runnerId }) => runnerId === id);
    const times = [created, contacted, ...owned.flatMap((one) => [one.created, one.contacted])];
    return {
      remains: { kind: "runner", systemId, runnerId: id, lastContact: latest(times) },
      jobs: owned.flatMap(({ jobs }) => jobs),
    };
  });
  const own = new Set(registered.map(({ id }) => id));
  const others = managers
    .filter(({ runnerId }) => !own.has(runnerId))
    .map(({ systemId, runnerId, contacted, created, jobs }): Candidate => ({
      remains: { kind: "manager", systemId, runnerId, lastContact: latest([contacted, created]) },
      jobs,
    }));
  return [...runners, ...others];
}

/** The latest of some times in ISO 8601. */
function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort((a, b) => Date.parse(b) - Date.parse(a))[0];
}

function reasonToKeep(
  { lastContact }: Remains,
  jobs: readonly number[],
  silence: number,
  now: Date,
): string | undefined {
  if (jobs.length > 0) {
    return `GitLab counts job ${jobs.join(", ")} as running on it, and fails it by itself after an hour`;
  }
  if (lastContact === undefined) {
    return "GitLab tells neither when it was made nor when it was heard of: a replica may have registered it just now";
  }
  const seconds = Math.round((now.getTime() - Date.parse(lastContact)) / 1000);
  return seconds < silence
    ? `GitLab heard of it ${Math.max(0, seconds)} s ago: a replica of another swarm may own it`
    : undefined;
}
