import { hasEnded } from "../../docker-engine/tasks";
import type { Pool } from "./pools";
import type { Task } from "./pool-task";

/**
 * Lists the tasks of a pool that run, drain or will run, sorted by slot (in a global service, by
 * node) and age.
 */
export function activeTasks(pool: Pool): readonly Task[] {
  return pool.tasks
    .filter((task) => !hasEnded(task))
    .sort((a, b) => a.slot - b.slot || compareNodes(a, b) || (a.created < b.created ? -1 : 1));
}

/** Whether two tasks belong to one replica: to one slot, or to one node in a global service. */
export function areOfOneReplica(a: Task, b: Task): boolean {
  return a.slot === b.slot && compareNodes(a, b) === 0;
}

function compareNodes(a: Task, b: Task): number {
  if (a.slot !== 0 || a.node === b.node) return 0;
  return a.node < b.node ? -1 : 1;
}
