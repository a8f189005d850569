import type { Node } from "../../docker-engine/nodes";
import type { Resources } from "../../docker-engine/resources";

/** A condition that a node must meet, with the text that the user wrote. */
export interface NodeCondition {
  readonly text: string;
  readonly matches: (node: Node) => boolean;
}

/** Where a pool wants to run its replicas, and what it reserves for each of them. */
export interface PlacementRequest {
  /** Undefined for a global pool, which has one replica per node. */
  readonly replicas: number | undefined;
  /** A node must meet all of them. */
  readonly constraints: readonly NodeCondition[];
  /** A node must meet one of them, if there are any. */
  readonly platforms: readonly NodeCondition[];
  /** Undefined if there is no limit. */
  readonly maxPerNode: number | undefined;
  /** What Swarm reserves for each replica. */
  readonly reservations: Resources;
  /** How an update replaces replicas. */
  readonly order: "start-first" | "stop-first";
}

/** The pool's service before the change. */
export interface PriorService {
  readonly id: string;
  /** Undefined for a global service. */
  readonly replicas: number | undefined;
  /**
   * What the change does to the replicas that exist: keeps them, replaces them in a rolling update,
   * or deletes the whole service before it creates it again.
   */
  readonly change: "none" | "update" | "replacement";
}

/** A task that has a node and has not ended. */
export interface TaskOnNode {
  readonly serviceId: string;
  readonly nodeId: string;
  /** Whether Swarm has stopped it. Until it has drained, its resources remain reserved. */
  readonly isStopping: boolean;
  readonly reservations: Resources;
}

/** What the swarm has. */
export interface SwarmState {
  readonly nodes: readonly Node[];
  readonly tasks: readonly TaskOnNode[];
}

/** Whether a request restricts the nodes or the number of replicas on them. */
export function isRestricted(request: PlacementRequest): boolean {
  const { constraints, platforms, maxPerNode, reservations } = request;
  return (
    constraints.length > 0 ||
    platforms.length > 0 ||
    maxPerNode !== undefined ||
    hasReservations(reservations)
  );
}

/** Whether a request depends on the tasks that the nodes have already. */
export function dependsOnTasks({ maxPerNode, reservations }: PlacementRequest): boolean {
  return maxPerNode !== undefined || hasReservations(reservations);
}

/** Whether a replica reserves anything. */
export function hasReservations({ memoryBytes, nanoCpus, generic }: Resources): boolean {
  return [memoryBytes, nanoCpus, ...Object.values(generic)].some((amount) => amount > 0);
}
