import type { Pool, Task } from "./pools";

/** States of tasks that are over. */
const ENDED = ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"];

/** Whether a task is over: its container has ended, or never came to be. */
export function hasEnded({ state }: Task): boolean {
  return ENDED.includes(state);
}

/** The tasks of a pool that run, drain or are going to run, in order of slot and age. */
export function livingTasks(pool: Pool): readonly Task[] {
  return pool.tasks
    .filter((task) => !hasEnded(task))
    .sort((a, b) => a.slot - b.slot || (a.created < b.created ? -1 : 1));
}
