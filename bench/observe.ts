import type { Gitlab, GitlabEvent, ManagerEvent, RequestEvent } from "../local/gitlab";

const TIMEOUT_MS = 120_000;

/** Number of the newest event, from where a measurement starts to look. */
export async function newestEvent(gitlab: Gitlab): Promise<number> {
  return (await gitlab.events({ after: Number.MAX_SAFE_INTEGER })).last;
}

/** A job request that GitLab accepted: the moment from which a replica is online. */
export function isAcceptedPoll(event: GitlabEvent): event is RequestEvent & GitlabEvent {
  return (
    event.kind === "request" &&
    event.endpoint === "POST /jobs/request" &&
    (event.status === 204 || event.status === 201)
  );
}

/** System IDs of the managers of a runner. */
export async function listSystemIds(gitlab: Gitlab, runnerId: number): Promise<Set<string>> {
  const managers = await gitlab.managers({ runnerId });
  return new Set(managers.map(({ systemId }) => systemId));
}

interface Expectation {
  readonly runnerId: number;
  /** Event number after which it must happen. */
  readonly after: number;
  readonly count: number;
}

/**
 * Waits until so many replicas that were not there before are online.
 * @param known system IDs that were there before
 * @returns when the last one was accepted, epoch milliseconds
 */
export async function waitOnline(
  gitlab: Gitlab,
  { runnerId, after, count }: Expectation,
  known: ReadonlySet<string> = new Set(),
): Promise<number> {
  const online = new Set<string>();
  const { at } = await gitlab.waitForEvent(
    (event) => {
      if (!isAcceptedPoll(event) || event.runnerId !== runnerId) return false;
      if (event.systemId !== null && !known.has(event.systemId)) online.add(event.systemId);
      return online.size >= count;
    },
    { after, timeoutMs: TIMEOUT_MS, what: `${count} new replicas online` },
  );
  return at;
}

/**
 * Waits until so many managers have been removed.
 * @returns when the last one went, epoch milliseconds
 */
export async function waitRemoved(
  gitlab: Gitlab,
  { runnerId, after, count }: Expectation,
): Promise<number> {
  let removed = 0;
  const { at } = await gitlab.waitForEvent(
    (event) => {
      if (isRemoval(event) && event.runnerId === runnerId) removed += 1;
      return removed >= count;
    },
    { after, timeoutMs: TIMEOUT_MS, what: `${count} managers gone from GitLab` },
  );
  return at;
}

function isRemoval(event: GitlabEvent): event is ManagerEvent & GitlabEvent {
  return event.kind === "manager" && event.change === "removed";
}
