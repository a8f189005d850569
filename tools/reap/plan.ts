import { formatDuration } from "../../contract/duration";
import type { Manager } from "../gitlab/runners";
import type { RegisteredRunner } from "./registered-runners";

/**
 * Minimum time without contact, in seconds, after which an entry counts as stale. GitLab itself
 * calls a manager offline after this time. With long polling, GitLab records the contact of an idle
 * replica only once an hour, so a shorter time proves nothing.
 */
export const DEFAULT_SILENCE_SECONDS = 2 * 3600;

/** Longest time for which GitLab may record no contact from a running replica. */
export const LONG_POLLING_SECONDS = 3600;

/** A manager or runner of a killed replica in GitLab. */
export interface StaleEntry {
  /** `runner`: a runner that the replica registered, with its manager. */
  readonly kind: "manager" | "runner";
  readonly systemId: string;
  readonly runnerId: number;
  /**
   * Time of its last contact, or of its creation, in ISO 8601; undefined if GitLab does not report
   * it.
   */
  readonly lastContact: string | undefined;
}

/** An entry that is kept although no replica of this swarm uses it, and the reason. */
export interface KeptEntry {
  readonly entry: StaleEntry;
  readonly reason: string;
  /** Whether it probably belongs to another swarm. Such an entry does not count as stale. */
  readonly isForeign: boolean;
}

/** What to remove and to keep for one pool. */
export interface ReapPlan {
  readonly remove: readonly StaleEntry[];
  readonly keep: readonly KeptEntry[];
}

/** GitLab's data about a pool. */
export interface Inventory {
  /** Managers with the pool's system ID prefix. */
  readonly managers: readonly Manager[];
  /** Runners that replicas of the pool registered. */
  readonly registered: readonly RegisteredRunner[];
}

/** What distinguishes a pool from others with the same name in other swarms. */
export interface Ownership {
  /**
   * IDs of the services that count as the pool's; undefined for a deleted service that was selected
   * by name.
   */
  readonly serviceIds: readonly string[] | undefined;
  /** System IDs that replicas of these services have or had here; undefined if unknown. */
  readonly systemIds?: readonly string[] | undefined;
}

/**
 * Decides what to remove: every entry with the pool's prefix that does not belong to another
 * service or a running replica, runs no job, and has had no contact for long enough. The prefix
 * comes from the service's name, and a service in another swarm may have the same name.
 * @param activeIds system IDs of the replicas that run, wait or drain. Read them after GitLab's
 * data, so that a new replica is not missing
 * @param silenceSeconds time without contact after which an entry counts as stale
 */
export function planReap(
  activeIds: readonly string[],
  inventory: Inventory,
  silenceSeconds: number,
  now: Date,
  ownership: Ownership = { serviceIds: undefined },
): ReapPlan {
  const dead = listCandidates(inventory).filter(
    ({ entry }) => !isInUse(entry, activeIds, inventory),
  );
  const decisions = dead.map((candidate) => ({
    entry: candidate.entry,
    kept: whyKept(candidate, silenceSeconds, now, ownership),
  }));
  return {
    remove: decisions.flatMap(({ entry, kept }) => (kept === undefined ? [entry] : [])),
    keep: decisions.flatMap(({ entry, kept }) => (kept === undefined ? [] : [{ entry, ...kept }])),
  };
}

/**
 * Whether a running replica uses it. A killed replica comes back under its system ID. With a
 * registration token it may then register another runner; it uses the newest one.
 */
export function isInUse(
  entry: StaleEntry,
  activeIds: readonly string[],
  { registered }: Pick<Inventory, "registered">,
): boolean {
  const isOutdated =
    entry.kind === "runner" &&
    registered.some(({ systemId, id }) => systemId === entry.systemId && id > entry.runnerId);
  return activeIds.includes(entry.systemId) && !isOutdated;
}

interface Candidate {
  readonly entry: StaleEntry;
  readonly jobs: readonly number[];
  /** Whether it runs a job, even one that the token may not see. */
  readonly isBusy: boolean;
  /** The service whose replica created it; undefined if unknown. */
  readonly serviceId: string | undefined;
}

/** Lists the entries of a pool. Removing a registered runner also removes its manager. */
function listCandidates({ managers, registered }: Inventory): readonly Candidate[] {
  const runners = registered.map(({ id, systemId, serviceId, created, contacted }): Candidate => {
    const owned = managers.filter(({ runnerId }) => runnerId === id);
    const times = [created, contacted, ...owned.flatMap((one) => [one.created, one.contacted])];
    return {
      entry: { kind: "runner", systemId, runnerId: id, lastContact: latest(times) },
      jobs: owned.flatMap(({ jobs }) => jobs),
      isBusy: owned.some(({ isBusy }) => isBusy === true),
      serviceId,
    };
  });
  const own = new Set(registered.map(({ id }) => id));
  const others = managers
    .filter(({ runnerId }) => !own.has(runnerId))
    .map(({ systemId, runnerId, contacted, created, jobs, isBusy }): Candidate => ({
      entry: { kind: "manager", systemId, runnerId, lastContact: latest([contacted, created]) },
      jobs,
      isBusy: isBusy === true,
      serviceId: undefined,
    }));
  return [...runners, ...others];
}

/** Returns the latest of some times in ISO 8601. */
function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort((a, b) => Date.parse(b) - Date.parse(a))[0];
}

/** @returns why it is kept; undefined to remove it */
function whyKept(
  candidate: Candidate,
  silenceSeconds: number,
  now: Date,
  { serviceIds, systemIds }: Ownership,
): Omit<KeptEntry, "entry"> | undefined {
  const { serviceId, entry } = candidate;
  const reason = reasonToKeep(candidate, silenceSeconds, now);
  if (entry.kind === "manager" && systemIds?.includes(entry.systemId) === false) {
    const elsewhere =
      "its system ID matches no replica of this service on a node of this swarm. It belongs to a service of the same name in another swarm, or to a service or node that was removed. GitLab deletes it 7 days after its last contact";
    return { reason: elsewhere, isForeign: true };
  }
  if (serviceId === undefined || serviceIds === undefined || serviceIds.includes(serviceId)) {
    return reason === undefined ? undefined : { reason, isForeign: false };
  }
  const foreign = `it was registered by a replica of service ${serviceId}, which this swarm does not have under this name`;
  return reason === undefined
    ? {
        reason: `${foreign}; if that service was removed, pass --service-id ${serviceId}`,
        isForeign: false,
      }
    : { reason: `${foreign}; ${reason}`, isForeign: true };
}

function reasonToKeep(
  { entry: { lastContact }, jobs, isBusy }: Candidate,
  silenceSeconds: number,
  now: Date,
): string | undefined {
  if (jobs.length > 0) {
    const names = `job${jobs.length === 1 ? "" : "s"} ${jobs.join(", ")}`;
    return `GitLab shows ${names} running on it, and fails a lost job after an hour`;
  }
  if (isBusy) {
    return "GitLab reports a running job on it, hidden from GITLAB_TOKEN, and fails a lost job after an hour";
  }
  if (lastContact === undefined) {
    return "GitLab reports neither its creation nor its last contact: a replica may have registered it just now";
  }
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(lastContact)) / 1000));
  if (seconds >= silenceSeconds) return undefined;
  return `its last contact was ${seconds} s ago; until ${formatDuration(silenceSeconds)} without contact, a replica of another swarm may be using it`;
}
