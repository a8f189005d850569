import type { Node } from "../../docker-engine/nodes";
import {
  isRestricted,
  type PlacementRequest,
  type PriorService,
  type SwarmState,
  type TaskOnNode,
} from "./request";
import { countPlaces } from "./room";
import { findSuitableNodes, type SuitableNodes } from "./suitable-nodes";

/** The number of replicas for which a node has room. */
export interface NodeRoom {
  readonly node: Node;
  readonly places: number;
}

/** What is wrong with a request. */
export type PlacementVerdict =
  | { readonly kind: "fits" }
  /** No node meets the conditions. */
  | { readonly kind: "no node"; readonly suitable: SuitableNodes }
  /** Not all replicas can run at the same time. */
  | {
      readonly kind: "too few places";
      readonly suitable: SuitableNodes;
      /** The total, which includes replicas that keep running. */
      readonly places: number;
      readonly rooms: readonly NodeRoom[];
    }
  /** A rolling update with the order start-first cannot start any new replica. */
  | {
      readonly kind: "no place beside the old replicas";
      readonly suitable: SuitableNodes;
      /** The old replicas on each suitable node. */
      readonly old: readonly { readonly node: Node; readonly count: number }[];
      /** The nodes without room for a new replica beside an old one. */
      readonly full: readonly Node[];
    }
  /** Some replicas can only start after others, which have been stopped, have drained. */
  | { readonly kind: "fits later"; readonly placesNow: number };

const FITS = { kind: "fits" } as const;

/**
 * Compares a request with the nodes, by the rules of Swarm's scheduler. It only finds what can
 * never work: it assumes that Swarm chooses the best node for each replica, and that replicas that
 * have been stopped will end.
 * @param prior undefined if the service does not exist yet
 */
export function judgePlacement(
  request: PlacementRequest,
  { nodes, tasks }: SwarmState,
  prior: PriorService | undefined,
): PlacementVerdict {
  if (!isRestricted(request) || !startsReplicas(request, prior)) return FITS;
  const suitable = findSuitableNodes(nodes, request);
  if (suitable.nodes.length === 0) return { kind: "no node", suitable };
  const situation = { request, suitable, prior, ...divideTasks(tasks, prior) };
  return request.replicas === undefined
    ? judgeGlobal(situation)
    : judgeReplicated(situation, request.replicas);
}

/** Whether the change starts any replica. */
function startsReplicas({ replicas }: PlacementRequest, prior: PriorService | undefined): boolean {
  if (replicas === 0) return false;
  if (prior?.change !== "none") return true;
  // Swarm itself starts a replica on each node that joins.
  return replicas !== undefined && replicas > (prior.replicas ?? 0);
}

/** A request that starts replicas, and what there is already. */
interface Situation extends DividedTasks {
  readonly request: PlacementRequest;
  readonly suitable: SuitableNodes;
  readonly prior: PriorService | undefined;
}

interface DividedTasks {
  /** Replicas of this pool that Swarm has not stopped. */
  readonly own: readonly TaskOnNode[];
  /** Other tasks that Swarm has not stopped. */
  readonly others: readonly TaskOnNode[];
  readonly stopping: readonly TaskOnNode[];
}

function divideTasks(tasks: readonly TaskOnNode[], prior: PriorService | undefined): DividedTasks {
  const staying = tasks.filter(({ isStopping }) => !isStopping);
  return {
    own: staying.filter(({ serviceId }) => serviceId === prior?.id),
    others: staying.filter(({ serviceId }) => serviceId !== prior?.id),
    stopping: tasks.filter(({ isStopping }) => isStopping),
  };
}

function judgeReplicated(situation: Situation, replicas: number): PlacementVerdict {
  const { suitable, prior, own, others, stopping } = situation;
  const keepsOld = prior?.change === "none";
  const kept = keepsOld ? own : [];
  const rooms = measure(situation, [...others, ...kept]);
  const places = kept.length + total(rooms);
  if (places < replicas) return { kind: "too few places", suitable, places, rooms };
  if (prior?.change === "update") {
    // Each replica that the same change removes makes room.
    const isSmaller = own.length > replicas;
    return isSmaller || own.length === 0 ? FITS : judgeRollingUpdate(situation);
  }
  const placesNow = kept.length + total(measure(situation, [...others, ...kept, ...stopping]));
  return placesNow < replicas ? { kind: "fits later", placesNow } : FITS;
}

function judgeGlobal(situation: Situation): PlacementVerdict {
  const { suitable, prior, others } = situation;
  const rooms = measure(situation, others);
  if (rooms.some(({ places }) => places < 1)) {
    const places = rooms.filter((room) => room.places >= 1).length;
    return { kind: "too few places", suitable, places, rooms };
  }
  return prior?.change === "update" ? judgeRollingUpdate(situation) : FITS;
}

/**
 * Judges whether a new replica can start before an old one stops. One is enough: when it runs, an
 * old one stops and makes room for the next. A global pool needs room on every node.
 */
function judgeRollingUpdate(situation: Situation): PlacementVerdict {
  const { request, suitable, own, others } = situation;
  if (request.order === "stop-first") return FITS;
  const old = suitable.nodes.map((node) => ({
    node,
    count: own.filter(({ nodeId }) => nodeId === node.id).length,
  }));
  const rooms = measure(situation, [...others, ...own]);
  const isFull = (node: Node) => rooms.some((room) => room.node === node && room.places < 1);
  const isGlobal = request.replicas === undefined;
  const full = old
    .filter(({ node, count }) => isFull(node) && (count > 0 || !isGlobal))
    .map(({ node }) => node);
  const isStuck = isGlobal ? full.length > 0 : full.length === rooms.length;
  return isStuck ? { kind: "no place beside the old replicas", suitable, old, full } : FITS;
}

/** Counts the places on each suitable node beside the given tasks. */
function measure(
  { request, suitable, prior }: Situation,
  tasks: readonly TaskOnNode[],
): readonly NodeRoom[] {
  return suitable.nodes.map((node) => ({
    node,
    places: countPlaces(node, request, tasks, prior?.id),
  }));
}

function total(rooms: readonly NodeRoom[]): number {
  return rooms.reduce((sum, { places }) => sum + places, 0);
}
