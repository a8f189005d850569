import type { Manager } from "../gitlab/runners";
import type { RegisteredRunner } from "./registered-runners";

/** A pool whose remains are looked for. */
export interface ReapedPool {
  /** Name of its service. */
  readonly name: string;
  /** System IDs of the replicas that run, wait or drain. */
  readonly living: readonly string[];
}

/** What a dead replica left in GitLab. */
export type Remains =
  | {
      readonly kind: "manager";
      readonly systemId: string;
      readonly runnerId: number;
      /** In ISO 8601. */
      readonly lastContact: string | undefined;
    }
  /** A runner that the replica registered for itself, with its manager. */
  | {
      readonly kind: "runner";
      readonly systemId: string;
      readonly runnerId: number;
      readonly lastContact: string | undefined;
    };

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
 * @param silence seconds without a contact after which a manager counts as dead
 */
export function planReap(pool: ReapedPool, found: Found, silence: number, now: Date): ReapPlan {
  const dead = remainsOf(found).filter(({ remains }) => !isOwned(remains, pool, found));
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
 * A replica that was killed comes back under its system ID. With a registration token it may register another runner then:
 * the newest is the one that it uses.
 */
function isOwned(remains: Remains, { living }: ReapedPool, { registered }: Found): boolean {
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
  const runners = registered.map(({ id, systemId, lastContact }): Candidate => {
    const manager = managers.find(({ runnerId }) => runnerId === id);
    return {
      remains: {
        kind: "runner",
        systemId,
        runnerId: id,
        lastContact: manager?.contacted ?? lastContact,
      },
      jobs: manager?.jobs ?? [],
    };
  });
  const own = new Set(registered.map(({ id }) => id));
  const others = managers
    .filter(({ runnerId }) => !own.has(runnerId))
    .map(({ systemId, runnerId, contacted, created, jobs }): Candidate => ({
      remains: {
        kind: "manager",
        systemId,
        runnerId,
        lastContact: contacted ?? created,
      },
      jobs,
    }));
  return [...runners, ...others];
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
  if (lastContact === undefined) return undefined;
  const seconds = Math.round((now.getTime() - Date.parse(lastContact)) / 1000);
  return seconds < silence
    ? `GitLab heard of it ${Math.max(0, seconds)} s ago: a replica of another swarm may own it`
    : undefined;
}
