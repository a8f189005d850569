import type { PlacementRequest, TaskOnNode } from "../../components/placement/request";
import { NO_RESOURCES, type Resources } from "../../docker-engine/resources";

const GIB = 1024 ** 3;

/** Builds a request: by default, 2 replicas without restrictions. */
export function placementRequest(facts: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    replicas: 2,
    constraints: [],
    platforms: [],
    maxPerNode: undefined,
    reservations: NO_RESOURCES,
    order: "start-first",
    ...facts,
  };
}

/** Memory in GiB. */
export function gib(count: number): Resources {
  return { ...NO_RESOURCES, memoryBytes: count * GIB };
}

/** Builds a task of the pool's service on the node `swarmNode(name)`. */
export function taskOn(name: string, facts: Partial<TaskOnNode> = {}): TaskOnNode {
  return {
    serviceId: "own",
    nodeId: `id-of-${name}`,
    isStopping: false,
    reservations: NO_RESOURCES,
    ...facts,
  };
}
