import type { Node } from "../../docker-engine/nodes";
import { listSome } from "./list-some";
import type { PlacementRequest } from "./request";
import { findSuitableNodes } from "./suitable-nodes";

/**
 * Warns of replicas that may run on a manager although the swarm has workers, in any state. Only
 * pools whose replicas have the socket of their node need this: who reaches the socket of a manager
 * controls the whole swarm.
 */
export function warnOfManagers(
  nodes: readonly Node[],
  request: Pick<PlacementRequest, "constraints" | "platforms">,
  nameOfConstraints: string,
): string | undefined {
  const hasWorker = nodes.some(({ role }) => role === "worker");
  const managers = findSuitableNodes(nodes, request).nodes.filter(({ role }) => role === "manager");
  if (!hasWorker || managers.length === 0) return undefined;
  const names = listSome(managers.map(({ name }) => name));
  const what = managers.length === 1 ? "a manager" : "managers";
  return `replicas with the Docker socket of their node may run on ${what} (${names}), where this socket controls the whole swarm: to keep replicas on workers, add "node.role==worker" to ${nameOfConstraints}`;
}
