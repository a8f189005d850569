import { network } from "../types/network";
import type { Setting } from "../setting";

/** The network of the replicas. */
export const NETWORK_ROWS = {
  network: {
    topic: "Network",
    type: network,
    scope: "pool",
    input: true,
    description:
      "Name of an existing attachable network of the swarm, or an object with `subnet` (CIDR) and `encrypted` for a network that the pool creates. Default: the pool creates a network, and Docker chooses its subnet.",
  },
} as const satisfies Record<string, Setting>;
