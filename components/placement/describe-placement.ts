import { describeUnavailable, type Node } from "../../docker-engine/nodes";
import { formatReplicaCount } from "../../contract/replica-count";
import { describeReservations, listReservationKeys, type ReservationKey } from "./reservations";
import { describeNoNode } from "./describe-no-node";
import { describeHolders, type ServiceNames } from "./holders";
import type { NodeRoom, PlacementVerdict } from "./judge-placement";
import { listSome } from "./list-some";
import { nameConditions } from "./name-conditions";
import { hasReservations, type PlacementRequest, type SwarmState } from "./request";
import type { SuitableNodes } from "./suitable-nodes";

/** The settings that messages about placement name. */
export type PlacementKey =
  | "replicas"
  | "placement.constraints"
  | "placement.platforms"
  | "placement.maxPerNode"
  | "update.order"
  | ReservationKey;

/** What a message about placement is made from. */
export interface PlacementFacts {
  readonly request: PlacementRequest;
  readonly swarm: SwarmState;
  /** Names a setting as the user wrote it. */
  readonly name: (key: PlacementKey) => string;
  /** The other services that may reserve resources. */
  readonly services: ServiceNames;
}

/** Says what is wrong with a request, with both numbers, and what to do. */
export function describePlacement(
  verdict: PlacementVerdict,
  facts: PlacementFacts,
): { readonly problem?: string; readonly warning?: string } {
  switch (verdict.kind) {
    case "fits":
      return {};
    case "no node":
      return { problem: describeNoNode(verdict.suitable, facts) };
    case "too few places":
      return { problem: describeTooFewPlaces(verdict, facts) };
    case "no place beside the old replicas":
      return { problem: describeStuckUpdate(verdict, facts) };
    case "fits later":
      return { warning: describeLater(verdict.placesNow, facts) };
  }
}

type TooFewPlaces = Extract<PlacementVerdict, { readonly kind: "too few places" }>;

function describeTooFewPlaces(verdict: TooFewPlaces, facts: PlacementFacts): string {
  const { suitable, places, rooms } = verdict;
  const { request, name } = facts;
  const { maxPerNode, replicas } = request;
  const nodes = describeNodes(suitable, facts);
  if (replicas === undefined) return describeGlobal(rooms, facts);
  const allowed = maxPerNode === undefined ? Infinity : maxPerNode * suitable.nodes.length;
  if (maxPerNode !== undefined && allowed < replicas) {
    return `${name("placement.maxPerNode")} (${maxPerNode}) on ${nodes} allows ${formatReplicaCount(allowed)}, but ${name("replicas")} is ${replicas}: raise ${name("placement.maxPerNode")}, lower ${name("replicas")}, or add nodes${describeAway(suitable)}`;
  }
  if (!hasReservations(request.reservations)) {
    return `${nodes} ${hasOne(suitable) ? "has" : "have"} room for ${formatReplicaCount(places)} (${listRooms(rooms)}), but ${name("replicas")} is ${replicas}: lower ${name("replicas")}, or add nodes${describeAway(suitable)}`;
  }
  return [
    `${nodes} ${hasOne(suitable) ? "has" : "have"} room for ${formatReplicaCount(places)} with ${describeReservations(request.reservations, name)} each (${listRooms(rooms)}), but ${name("replicas")} is ${replicas}:`,
    `lower ${name("replicas")} or ${listKeys(facts)}, or add nodes${describeAway(suitable)}${describeHolders(suitable.nodes, facts.swarm.tasks, facts.services)}`,
  ].join(" ");
}

function describeGlobal(rooms: readonly NodeRoom[], facts: PlacementFacts): string {
  const full = rooms.filter(({ places }) => places < 1).map(({ node }) => node);
  const who = full.length === 1 ? `node ${listNames(full)} has` : `nodes ${listNames(full)} have`;
  const why =
    rooms.length === 1 ? "" : `, and the pool runs one on each of ${countNodes(rooms.length)}`;
  return [
    `${who} no room for a replica with ${describeReservations(facts.request.reservations, facts.name)}${why}:`,
    `lower ${listKeys(facts)}, or exclude such nodes with ${facts.name("placement.constraints")}${describeHolders(full, facts.swarm.tasks, facts.services)}`,
  ].join(" ");
}

type Stuck = Extract<PlacementVerdict, { readonly kind: "no place beside the old replicas" }>;

function describeStuckUpdate({ suitable, old, full }: Stuck, facts: PlacementFacts): string {
  const { request, name } = facts;
  const { maxPerNode, replicas } = request;
  const running = listSome(old.map(({ node, count }) => `${node.name}: ${count}`));
  const isFull = maxPerNode !== undefined && old.every(({ count }) => count >= maxPerNode);
  const limit = isFull
    ? `${name("placement.maxPerNode")} is ${maxPerNode}`
    : `each reserves ${describeReservations(request.reservations, name)}`;
  const begin = `this update starts new replicas beside the old ones (${name("update.order")} is start-first), but no new one can ever start`;
  const ways = [
    `set ${name("update.order")} to stop-first`,
    isFull ? `raise ${name("placement.maxPerNode")}` : `lower ${listKeys(facts)}`,
  ];
  if (replicas === undefined) {
    const nodes = full.length === 1 ? "node" : "nodes";
    return `${begin} on ${nodes} ${listNames(full)}: ${limit}: ${ways.join(", or ")}`;
  }
  ways.push("add a node", `lower ${name("replicas")} in the same update`);
  return [
    `${begin}:`,
    `${limit}, and ${describeNodes(suitable, facts)} ${hasOne(suitable) ? "runs" : "run"} old replicas (${running}): ${listWays(ways)}`,
  ].join(" ");
}

function describeLater(placesNow: number, { request, name }: PlacementFacts): string {
  const { replicas = 0 } = request;
  return `only ${placesNow} of ${formatReplicaCount(replicas)} can start now, because tasks that are stopping still reserve resources: the others start when those have ended; to have room for all now, lower ${name("replicas")} or add nodes`;
}

/** Such as: 2 nodes that match `placement.constraints`. */
function describeNodes(suitable: SuitableNodes, { request, name }: PlacementFacts): string {
  const conditions = nameConditions(request, name);
  const which =
    conditions === "" ? "" : ` that ${hasOne(suitable) ? "matches" : "match"} ${conditions}`;
  return `${countNodes(suitable.nodes.length)}${which}`;
}

function hasOne({ nodes }: SuitableNodes): boolean {
  return nodes.length === 1;
}

function countNodes(count: number): string {
  return count === 1 ? "the only node" : `the ${count} nodes`;
}

function listRooms(rooms: readonly NodeRoom[]): string {
  return listSome(rooms.map(({ node, places }) => `${node.name}: ${places}`));
}

function listNames(nodes: readonly Node[]): string {
  return listSome(nodes.map(({ name }) => name));
}

function listKeys({ request, name }: PlacementFacts): string {
  return listReservationKeys(request.reservations).map(name).join(" or ");
}

function listWays(ways: readonly string[]): string {
  return [...ways.slice(0, -1), `or ${ways.at(-1) ?? ""}`].join(", ");
}

/** Names nodes that would be suitable if they were available. */
function describeAway({ unavailable }: SuitableNodes): string {
  return unavailable.length === 0
    ? ""
    : `; not counted: ${listSome(unavailable.map(describeUnavailable))}`;
}
