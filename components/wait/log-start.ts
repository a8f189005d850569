import { hasEnded } from "../../docker-engine/tasks";
import type { Target } from "./assess-rollout";
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
export function findLogStart({ tasks }: Snapshot, { generation }: Target): string | undefined {
  const slots = new Map<number, Task[]>();
  for (const task of tasks.filter((one) => one.generation === generation)) {
    slots.set(task.slot, [...(slots.get(task.slot) ?? []), task]);
  }
  const times = [...slots.values()].filter((slot) => !slot.some(isRunning)).flatMap(findStartTimes);
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
}

function isRunning({ state, desiredState }: Task): boolean {
  return state === "running" && desiredState === "running";
}

/** When the newest task of a slot was created, and when the task before it began its last lines. */
function findStartTimes(slot: readonly Task[]): readonly number[] {
  const [newest, ...older] = [...slot].sort((a, b) => (a.created < b.created ? 1 : -1));
  const ended = older.find(hasEnded);
  return [
    ...(newest === undefined ? [] : [Date.parse(newest.created)]),
    ...(ended === undefined
      ? []
      : [Math.max(Date.parse(ended.created), Date.parse(ended.changed) - FINAL_REPORT_MS)]),
  ].map((ms) => ms - CLOCK_SKEW_MS);
}
