import { hasEnded } from "../../docker-engine/tasks";
import type { Pool } from "./pools";
import type { Task } from "./pool-task";

/** Lists the tasks of a pool that run, drain or will run, sorted by slot and age. */
export function activeTasks(pool: Pool): readonly Task[] {
  return pool.tasks
    .filter((task) => !hasEnded(task))
    .sort((a, b) => a.slot - b.slot || (a.created < b.created ? -1 : 1));
}
