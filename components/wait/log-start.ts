import { hasEnded } from "../../docker-engine/tasks";
import type { Target } from "./assess-rollout";
import { groupByReplica } from "./replica-tasks";
import type { Snapshot, Task } from "./snapshot";

/**
 * Allowed difference between the clocks of two nodes: the manager dates a task, the task's node
 * dates its log.
 */
const CLOCK_SKEW_MS = 60_000;

/**
 * How long before its end a replica may report the reason: a rejected replica waits for a minute
 * before it exits.
 */
const FINAL_REPORT_MS = 120_000;

/**
 * Finds where to start reading a service's log, in ISO 8601: at the oldest replica that does not
 * run yet, or at the last lines of the replica before it. The whole log may cover months.
 * @returns undefined if every replica runs
 */
export function findLogStart(snapshot: Snapshot, { generation }: Target): string | undefined {
  const times = groupByReplica(snapshot, generation)
    .map(({ tasks }) => tasks)
    .filter((tasks) => !tasks.some(isRunning))
    .flatMap(findStartTimes);
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
}

function isRunning({ state, desiredState }: Task): boolean {
  return state === "running" && desiredState === "running";
}

/**
 * When the newest task of a replica was created, and when the task before it began its last lines.
 */
function findStartTimes([newest, ...older]: readonly Task[]): readonly number[] {
  const ended = older.find(hasEnded);
  return [
    ...(newest === undefined ? [] : [Date.parse(newest.created)]),
    ...(ended === undefined
      ? []
      : [Math.max(Date.parse(ended.created), Date.parse(ended.changed) - FINAL_REPORT_MS)]),
  ].map((ms) => ms - CLOCK_SKEW_MS);
}
