import type { Evidence, JobRecord, Kill, Sign } from "./evidence";

/** A job that did not end as it should, and how it ended. */
export interface BadJob {
  readonly id: number;
  readonly reason: string;
}

/** A stretch in which no replica accepted jobs. */
export interface Gap {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface Verdict {
  readonly jobs: number;
  readonly whole: number;
  /** Jobs that ran on a replica when the soak killed it. */
  readonly killed: readonly BadJob[];
  readonly lost: readonly BadJob[];
  /** System IDs of managers that no living replica owns. */
  readonly ghosts: readonly string[];
  readonly longestGapMs: number;
  readonly mostManagers: number;
  /** Promises that were broken, a sentence each. */
  readonly broken: readonly string[];
}

/** A request that a killed replica had sent may reach GitLab a moment later (ms). */
const IN_FLIGHT_MS = 1_000;

/** Holds the evidence of a soak against what a pool promises. */
export function judge(evidence: Evidence): Verdict {
  const { jobs, kills, living, managers, signs } = evidence;
  const bad = jobs.filter((job) => !isWhole(job));
  const killed = bad.filter((job) => kills.some((kill) => wasKilled(job, kill)));
  const lost = bad.filter((job) => !killed.includes(job)).map(describeJob);
  const ghosts = managers.filter((id) => !living.includes(id));
  const gaps = gapsIn(signs);
  return {
    jobs: jobs.length,
    whole: jobs.length - bad.length,
    killed: killed.map(describeJob),
    lost,
    ghosts,
    longestGapMs: Math.max(0, ...gaps.map(({ from, to }) => to - from)),
    mostManagers: mostManagers(signs),
    broken: [
      ...lost.map(({ id, reason }) => `job ${id} was lost: ${reason}`),
      ...ghosts.map((id) => `GitLab has the manager ${id}, which no living replica owns`),
      ...living
        .filter((id) => !managers.includes(id))
        .map((id) => `replica ${id} lives, and GitLab has no manager of it`),
      ...duplicates(living).map((id) => `several replicas live under the system ID ${id}`),
      ...kills
        .filter(({ back }) => !back)
        .map(({ victim, systemId }) => `${systemId} did not come back after kill -9 of ${victim}`),
      ...gaps
        .filter((gap) => !kills.some((kill) => explains(kill, gap)))
        .map(
          ({ from, to }) =>
            `from ${seconds(from - evidence.begun)} on no replica accepted jobs for ${seconds(to - from)}`,
        ),
      ...evidence.failures.map(({ what, message }) => `${what} failed: ${message}`),
      ...evidence.strangers.map((id) => `GitLab has the runner ${id}, which nobody made`),
      ...evidence.leftovers.map((what) => `after the pool was destroyed there is still ${what}`),
    ],
  };
}

function isWhole({ status, flaw }: JobRecord): boolean {
  return status === "success" && flaw === undefined;
}

/** The job was running on the replica in the moment of its death, which is the reason why it did not succeed. */
export function wasKilled(
  { status, systemId, startedAt, finishedAt }: Omit<JobRecord, "flaw">,
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

function describeJob({ id, status, failureReason, flaw, systemId }: JobRecord): BadJob {
  const reason = [
    failureReason === null ? status : `${status} (${failureReason})`,
    ...(flaw === undefined ? [] : [flaw]),
    ...(systemId === null ? [] : [`on ${systemId}`]),
  ].join(", ");
  return { id, reason };
}

/**
 * Stretches between the first and the last sign in which no replica accepted jobs. A replica accepts them from its first
 * answered request until it is told to stop or dies: in between it asks, or runs what it got, or GitLab does not answer.
 */
export function gapsIn(signs: readonly Sign[]): readonly Gap[] {
  const gaps: Gap[] = [];
  const accepting = new Set<string>();
  // GitLab may answer the last request of a replica after its end: only one that began anew accepts jobs.
  const ended = new Set<string>();
  let since: number | undefined;
  for (const { kind, systemId, at } of signs) {
    if (kind === "verified") ended.delete(systemId);
    if (kind === "ended") ended.add(systemId);
    if (kind === "asked" && !ended.has(systemId)) {
      if (since !== undefined) gaps.push({ from: since, to: at });
      since = undefined;
      accepting.add(systemId);
    }
    const left = kind === "ended" || kind === "removed";
    if (left && accepting.delete(systemId) && accepting.size === 0) since = at;
  }
  return gaps;
}

/** A replica that dies with SIGKILL is missed until swarm has started it again. */
function explains({ at }: Kill, { from, to }: Gap): boolean {
  return at >= from && at <= to;
}

function mostManagers(signs: readonly Sign[]): number {
  let [now, most] = [0, 0];
  for (const { kind } of signs) {
    if (kind === "created") now += 1;
    if (kind === "removed") now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

function duplicates(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, i) => items.indexOf(item) !== i))];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
