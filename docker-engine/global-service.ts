import { matches, parseConstraint } from "../contract/placement/constraint";
import { hasPlatform, type Platform } from "../contract/placement/platform";
import type { Node } from "./nodes";

/** Which nodes a service may use. */
export interface ServicePlacement {
  /** Such as `node.role==worker`. A node must meet all of them. */
  readonly constraints: readonly string[];
  /** A node must have one of them, if there are any. */
  readonly platforms: readonly Platform[];
}

/**
 * Lists the nodes on which Swarm keeps a replica of a global service up to date. It stops the
 * replicas of a drained node and of a node that is down. A paused node keeps its replica, but gets
 * neither a first one nor an update.
 */
export function listGlobalNodes(
  nodes: readonly Node[],
  { constraints, platforms }: ServicePlacement,
): readonly Node[] {
  return nodes.filter(
    (node) =>
      node.state !== "down" &&
      node.availability === "active" &&
      constraints.every((text) => meets(node, text)) &&
      (platforms.length === 0 || platforms.some((platform) => hasPlatform(node, platform))),
  );
}

/** Swarm ignores all constraints of a service if it cannot parse one. The settings prevent that. */
function meets(node: Node, text: string): boolean {
  const parsed = parseConstraint(text);
  return "problem" in parsed || matches(parsed.value, node);
}
