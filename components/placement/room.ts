import type { Node } from "../../docker-engine/nodes";
import { NO_RESOURCES, type Resources } from "../../docker-engine/resources";
import type { PlacementRequest, TaskOnNode } from "./request";

/** Adds resources. */
export function sumResources(list: readonly Resources[]): Resources {
  return list.reduce(
    (sum, one) => ({
      nanoCpus: sum.nanoCpus + one.nanoCpus,
      memoryBytes: sum.memoryBytes + one.memoryBytes,
      generic: combine(sum.generic, one.generic, (a, b) => a + b),
    }),
    NO_RESOURCES,
  );
}

/** What is not reserved on a node. It is negative if the node has become smaller. */
function findFree(node: Node, tasks: readonly TaskOnNode[]): Resources {
  const has = node.resources ?? NO_RESOURCES;
  const reserved = sumResources(
    tasks.filter(({ nodeId }) => nodeId === node.id).map(({ reservations }) => reservations),
  );
  return {
    nanoCpus: has.nanoCpus - reserved.nanoCpus,
    memoryBytes: has.memoryBytes - reserved.memoryBytes,
    generic: combine(has.generic, reserved.generic, (a, b) => a - b),
  };
}

/**
 * Counts the replicas that Swarm would start on a node beside the given tasks.
 * @param serviceId the pool's service; undefined if it does not exist yet
 */
export function countPlaces(
  node: Node,
  { maxPerNode, reservations }: Pick<PlacementRequest, "maxPerNode" | "reservations">,
  tasks: readonly TaskOnNode[],
  serviceId: string | undefined,
): number {
  const free = findFree(node, tasks);
  const own = tasks.filter(
    // A replica that drains does not count, though its resources are still reserved.
    (task) => task.nodeId === node.id && task.serviceId === serviceId && !task.isStopping,
  );
  const limits = [
    divide(free.memoryBytes, reservations.memoryBytes),
    divide(free.nanoCpus, reservations.nanoCpus),
    ...Object.entries(reservations.generic).map(([kind, count]) =>
      divide(free.generic[kind] ?? 0, count),
    ),
    (maxPerNode ?? Infinity) - own.length,
  ];
  return Math.max(0, Math.min(...limits));
}

function divide(free: number, needed: number): number {
  return needed === 0 ? Infinity : Math.floor(free / needed);
}

function combine(
  one: Resources["generic"],
  other: Resources["generic"],
  calculate: (a: number, b: number) => number,
): Resources["generic"] {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...kinds].map((kind) => [kind, calculate(one[kind] ?? 0, other[kind] ?? 0)]),
  );
}
