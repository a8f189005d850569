import type { Node } from "./nodes";

/**
 * Lists the nodes on which Swarm keeps a replica of a global service up to date. It stops the
 * replicas of a drained node and of a node that is down. A paused node keeps its replica, but gets
 * neither a first one nor an update.
 */
export function listGlobalNodes<N extends Pick<Node, "state" | "availability">>(
  nodes: readonly N[],
): readonly N[] {
  return nodes.filter(({ state, availability }) => state !== "down" && availability === "active");
}
