import type { Network } from "../../docker-engine/networks";

/** An overlay network of the swarm without a subnet. */
export function network(changes: Partial<Network>): Network {
  return {
    id: "network1",
    name: "ci",
    driver: "overlay",
    scope: "swarm",
    attachable: true,
    labels: {},
    subnets: [],
    ...changes,
  };
}
