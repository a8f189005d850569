import type { Snapshot, Task } from "./snapshot";

/** A replica that Swarm keeps running, with the tasks that it has had for it. */
export interface ReplicaTasks {
  /** Its slot, or the name of its node in a global service. */
  readonly name: string;
  /** Newest first; empty until Swarm has created the first one. */
  readonly tasks: readonly Task[];
}

/**
 * Groups the tasks of a generation by the replica that they belong to: by slot, or by node in a
 * global service. There, every node that must have a replica has a group, and no other node has
 * one. Slots without tasks are unknown.
 */
export function groupByReplica(
  { tasks: all, nodes }: Pick<Snapshot, "tasks" | "nodes">,
  generation: string,
): readonly ReplicaTasks[] {
  const tasks = all
    .filter((task) => task.generation === generation)
    .sort((a, b) => (a.created < b.created ? 1 : -1));
  if (nodes !== undefined) {
    return nodes.map(({ id, name }) => ({
      name,
      tasks: tasks.filter(({ nodeId }) => nodeId === id),
    }));
  }
  const slots = [...new Set(tasks.map(({ slot }) => slot))].sort((a, b) => a - b);
  return slots.map((slot) => ({
    name: String(slot),
    tasks: tasks.filter((task) => task.slot === slot),
  }));
}
