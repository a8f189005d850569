import type { Node } from "../../docker-engine/nodes";

const GIB = 1024 ** 3;

/** Builds a node of a swarm as the engine's client returns it: by default a worker in use. */
export function swarmNode(
  name: string,
  { gib = 4, cpus = 2, ...facts }: Partial<Node> & { gib?: number; cpus?: number } = {},
): Node {
  return {
    id: `id-of-${name}`,
    name,
    role: "worker",
    state: "ready",
    availability: "active",
    address: "10.0.0.1",
    labels: {},
    engineLabels: {},
    os: "linux",
    architecture: "x86_64",
    resources: { nanoCpus: cpus * 1e9, memoryBytes: gib * GIB, generic: {} },
    ...facts,
  };
}
