import { constraints, maxPerNode, platforms, spread } from "../types/placement";
import type { Setting } from "../setting";

/** On which nodes the replicas run. */
export const PLACEMENT_ROWS = {
  "placement.constraints": {
    topic: "Placement",
    type: constraints,
    scope: "pool",
    description:
      "Conditions that a node must meet, such as `node.role==worker`, `node.labels.disk!=slow` or `node.ip==10.0.0.0/8`. Keys: `node.id`, `node.hostname`, `node.role`, `node.ip`, `node.platform.os`, `node.platform.arch`, `node.labels.NAME` and `engine.labels.NAME`. A change replaces all replicas.",
  },
  "placement.spread": {
    topic: "Placement",
    type: spread,
    scope: "pool",
    description:
      "Labels over whose values Swarm spreads the replicas evenly, such as `node.labels.zone` or `engine.labels.rack`. With several labels, Swarm spreads over the first one, and within each of its values over the next; Pulumi's Docker provider fixes the order, and another order is rejected. A change replaces all replicas.",
  },
  "placement.maxPerNode": {
    topic: "Placement",
    type: maxPerNode,
    scope: "pool",
    description:
      "Maximum number of replicas per node. Default: no limit. A change replaces all replicas.",
  },
  "placement.platforms": {
    topic: "Placement",
    type: platforms,
    scope: "pool",
    description:
      "Platforms of the nodes on which the image can run, each `OS/ARCH`, such as `linux/amd64`. `x86_64` is the same as `amd64`, and `aarch64` the same as `arm64`. Swarm gets them as constraints on `node.platform`. A change replaces all replicas.",
  },
} as const satisfies Record<string, Setting>;
