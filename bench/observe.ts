import type { Gitlab, GitlabEvent, ManagerEvent, RequestEvent } from "../fake-gitlab";

const TIMEOUT_MS = 120_000;

/** Returns the number of the newest event. A measurement looks only at later events. */
export async function newestEvent(gitlab: Gitlab): Promise<number> {
  return (await gitlab.events({ after: Number.MAX_SAFE_INTEGER })).last;
}

/** Whether an event is a job request that GitLab accepted: the replica is online from then on. */
function isAcceptedPoll(event: GitlabEvent): event is RequestEvent & GitlabEvent {
  return (
    event.kind === "request" &&
    event.endpoint === "POST /jobs/request" &&
    (event.status === 204 || event.status === 201)
  );
}

/** Lists the system IDs of a runner's managers. */
export async function listSystemIds(gitlab: Gitlab, runnerId: number): Promise<Set<string>> {
  const managers = await gitlab.managers({ runnerId });
  return new Set(managers.map(({ systemId }) => systemId));
}

interface Expectation {
  readonly runnerId: number;
  /** Number of the event after which it must happen. */
  readonly after: number;
  readonly count: number;
}

/**
 * Waits until `count` new replicas are online.
 * @param known system IDs of the earlier replicas
 * @returns when the last one was accepted, epoch milliseconds
 */
export async function waitUntilOnline(
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
 * Waits until `count` managers have been removed.
 * @returns when the last one was removed, in epoch milliseconds
 */
export async function waitUntilRemoved(
  gitlab: Gitlab,
  { runnerId, after, count }: Expectation,
): Promise<number> {
  let removed = 0;
  const { at } = await gitlab.waitForEvent(
    (event) => {
      if (isRemoval(event) && event.runnerId === runnerId) removed += 1;
      return removed >= count;
    },
    { after, timeoutMs: TIMEOUT_MS, what: `${count} managers removed from GitLab` },
  );
  return at;
}

function isRemoval(event: GitlabEvent): event is ManagerEvent & GitlabEvent {
  return event.kind === "manager" && event.change === "removed";
}
