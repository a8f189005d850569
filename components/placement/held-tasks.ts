import { hasEnded, type Task } from "../../docker-engine/tasks";
import type { TaskOnNode } from "./request";

/** Desired states with which Swarm has stopped a task. */
const STOPPED = ["shutdown", "remove", "failed", "rejected", "orphaned"];

/** Lists the tasks that hold a place or resources on a node. */
export function listTasksOnNodes(tasks: readonly Task[]): readonly TaskOnNode[] {
  return tasks
    .filter((task) => task.nodeId !== "" && !hasEnded(task))
    .map(({ serviceId, nodeId, desiredState, reservations }) => ({
      serviceId,
      nodeId,
      isStopping: STOPPED.includes(desiredState),
      reservations,
    }));
}
