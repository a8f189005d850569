import type { Evidence, JobRecord, Kill, Observation } from "./evidence";

/** A job that did not succeed with an intact log, and the reason. */
export interface BadJob {
  readonly id: number;
  readonly reason: string;
}

/** A period in which no replica accepted jobs. */
export interface Gap {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface Verdict {
  readonly jobs: number;
  /** Jobs that succeeded with a complete log. */
  readonly intact: number;
  /** Jobs that were running on a replica when the soak killed it. */
  readonly killed: readonly BadJob[];
  readonly lost: readonly BadJob[];
  /** System IDs of managers that no running replica uses. */
  readonly staleManagers: readonly string[];
  readonly longestGapMs: number;
  readonly mostManagers: number;
  /** Broken promises, one sentence each. */
  readonly broken: readonly string[];
}

/** A request that a killed replica had sent may reach GitLab a moment later. */
const IN_FLIGHT_MS = 1_000;

/** Compares the evidence of a soak with what a pool promises. */
export function judge(evidence: Evidence): Verdict {
  const { jobs, kills, living, managers, shared, observations } = evidence;
  const bad = jobs.filter((job) => !isIntact(job));
  const killed = bad.filter((job) => kills.some((kill) => wasKilled(job, kill)));
  const lost = bad.filter((job) => !killed.includes(job)).map(describeJob);
  const staleManagers = managers.filter((id) => !living.includes(id));
  const gaps = findGaps(observations);
  return {
    jobs: jobs.length,
    intact: jobs.length - bad.length,
    killed: killed.map(describeJob),
    lost,
    staleManagers,
    longestGapMs: Math.max(0, ...gaps.map(({ from, to }) => to - from)),
    mostManagers: countMostManagers(observations),
    broken: [
      ...lost.map(({ id, reason }) => `job ${id} was lost: ${reason}`),
      ...staleManagers.map((id) => `GitLab has a stale manager: no running replica uses ${id}`),
      ...living
        .filter((id) => !managers.includes(id))
        .map((id) => `replica ${id} is running, but GitLab has no manager for it`),
      ...findDuplicates([...living, ...shared.flatMap((id) => [id, id])]).map(
        (id) => `several replicas used system ID ${id} at the same time`,
      ),
      ...kills
        .filter(({ back }) => !back)
        .map(({ target, systemId }) => `${systemId} did not come back after kill -9 of ${target}`),
      ...gaps
        .filter((gap) => !kills.some((kill) => explains(kill, gap)))
        .map(
          ({ from, to }) =>
            `no replica accepted jobs for ${formatSeconds(to - from)}, starting at ${formatSeconds(from - evidence.startedAt)}`,
        ),
      ...evidence.failures.map(({ what, message }) => `${what} failed: ${message}`),
      ...evidence.unexpectedRunners.map((id) => `GitLab has an unexpected runner: ${id}`),
      ...evidence.leftovers.map((what) => `still present after the pool was destroyed: ${what}`),
    ],
  };
}

function isIntact({ status, logGap }: JobRecord): boolean {
  return status === "success" && logGap === undefined;
}

/** Whether a job failed because it was running on a replica when that replica was killed. */
export function wasKilled(
  { status, systemId, startedAt, finishedAt }: Omit<JobRecord, "logGap">,
  kill: Kill,
): boolean {
  return (
    status !== "success" &&
    systemId === kill.systemId &&
    startedAt !== null &&
    startedAt <= kill.at + IN_FLIGHT_MS &&
    (finishedAt === null || finishedAt > kill.at)
  );
}

function describeJob({ id, status, failureReason, logGap, systemId }: JobRecord): BadJob {
  const reason = [
    failureReason === null ? status : `${status} (${failureReason})`,
    ...(logGap === undefined ? [] : [logGap]),
    ...(systemId === null ? [] : [`on ${systemId}`]),
  ].join(", ");
  return { id, reason };
}

/**
 * Finds the periods, between the first and the last observation, in which no replica accepted jobs.
 * A replica accepts jobs from its first answered request until it dies or receives a stop signal.
 * In between it polls, runs jobs, or waits for a GitLab that does not answer.
 */
export function findGaps(observations: readonly Observation[]): readonly Gap[] {
  const gaps: Gap[] = [];
  const accepting = new Set<string>();
  // GitLab may answer a replica's last request after the replica ended. Only a replica that has
  // started again accepts jobs.
  const ended = new Set<string>();
  let since: number | undefined;
  for (const { kind, systemId, at } of observations) {
    if (kind === "verified") ended.delete(systemId);
    if (kind === "ended") ended.add(systemId);
    if (kind === "polled" && !ended.has(systemId)) {
      if (since !== undefined) gaps.push({ from: since, to: at });
      since = undefined;
      accepting.add(systemId);
    }
    const stopped = kind === "ended" || kind === "removed";
    if (stopped && accepting.delete(systemId) && accepting.size === 0) since = at;
  }
  return gaps;
}

/** A replica that dies with SIGKILL is missing until Swarm has started it again. */
function explains({ at }: Kill, { from, to }: Gap): boolean {
  return at >= from && at <= to;
}

function countMostManagers(observations: readonly Observation[]): number {
  let [now, most] = [0, 0];
  for (const { kind } of observations) {
    if (kind === "created") now += 1;
    if (kind === "removed") now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

function findDuplicates(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, i) => items.indexOf(item) !== i))];
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
