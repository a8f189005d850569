import { isAvailable, type Node } from "../../docker-engine/nodes";
import type { NodeCondition, PlacementRequest } from "./request";

/** How many nodes are left after one more condition. */
export interface FilterStep {
  readonly condition: NodeCondition;
  readonly left: number;
}

/** The nodes on which Swarm would start a replica, as far as their resources allow it. */
export interface SuitableNodes {
  readonly nodes: readonly Node[];
  /** Nodes that meet the conditions, but to which Swarm assigns no tasks now. */
  readonly unavailable: readonly Node[];
  /** The effect of each constraint in turn, on nodes in any state. */
  readonly steps: readonly FilterStep[];
  /** How many nodes meet all constraints, in any state and of any platform. */
  readonly afterConstraints: number;
}

/** Finds the nodes that meet the conditions of a request, with the same rules as Swarm. */
export function findSuitableNodes(
  nodes: readonly Node[],
  { constraints, platforms }: Pick<PlacementRequest, "constraints" | "platforms">,
): SuitableNodes {
  let left = nodes;
  const steps: FilterStep[] = [];
  for (const condition of constraints) {
    left = left.filter(condition.matches);
    steps.push({ condition, left: left.length });
  }
  const afterConstraints = left.length;
  left = left.filter(
    (node) => platforms.length === 0 || platforms.some((platform) => platform.matches(node)),
  );
  return {
    nodes: left.filter(isAvailable),
    unavailable: left.filter((node) => !isAvailable(node)),
    steps,
    afterConstraints,
  };
}
