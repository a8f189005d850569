import { cpus } from "../types/cpus";
import { genericResources } from "../types/generic-resources";
import { size } from "../types/size";
import type { Setting } from "../setting";

/** Docker's own minimum. */
const MIN_MEMORY = 6 * 1024 ** 2;
const MAX_MEMORY = 64 * 1024 ** 4;

/** What a replica's own container may use of its node, and what Swarm reserves for it. */
export const RESOURCES_ROWS = {
  "resources.limits.memory": {
    topic: "Resources",
    type: size(MIN_MEMORY, MAX_MEMORY),
    scope: "pool",
    description:
      "Memory limit of a replica's own container: gitlab-runner, and the jobs of the shell executor. `docker.memory` limits jobs of the docker executor. At least 40m. A change replaces all replicas.",
  },
  "resources.limits.cpus": {
    topic: "Resources",
    type: cpus,
    scope: "pool",
    description:
      "Number of CPUs that a replica's own container may use, such as `0.5`. `docker.cpus` limits jobs of the docker executor. A change replaces all replicas.",
  },
  "resources.reservations.memory": {
    topic: "Resources",
    type: size(MIN_MEMORY, MAX_MEMORY),
    scope: "pool",
    description:
      "Memory that Swarm reserves on a node for each replica. Swarm starts a replica only where that much is not reserved yet. At most `resources.limits.memory`. A change replaces all replicas.",
  },
  "resources.reservations.cpus": {
    topic: "Resources",
    type: cpus,
    scope: "pool",
    description:
      "Number of CPUs that Swarm reserves on a node for each replica. At most `resources.limits.cpus`. A change replaces all replicas.",
  },
  "resources.reservations.generic": {
    topic: "Resources",
    type: genericResources,
    scope: "pool",
    description:
      'Numbers of generic resources that Swarm reserves on a node for each replica, such as `{"gpu": 2}`. Nodes name theirs in `node-generic-resources`. A change replaces all replicas.',
  },
} as const satisfies Record<string, Setting>;
