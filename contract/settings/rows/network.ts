import { extraHosts, searchDomains } from "../types/hosts";
import { network, networkNames } from "../types/network";
import { resolverOptions, resolvers } from "../types/resolver";
import type { Setting } from "../setting";

/** The networks of the replicas, and how they resolve names. */
export const NETWORK_ROWS = {
  network: {
    topic: "Network",
    type: network,
    scope: "pool",
    input: true,
    description:
      "Name of an existing attachable network of the swarm, or an object with `subnet` (CIDR), `encrypted`, `internal` and `mtu` for a network that the pool creates. Default: the pool creates a network, and Docker chooses its subnet.",
  },
  networks: {
    topic: "Network",
    type: networkNames,
    scope: "pool",
    input: true,
    description:
      "Names of further existing networks of the swarm that the replicas are attached to, such as that of a proxy.",
  },
  extraHosts: {
    topic: "Network",
    type: extraHosts,
    scope: "pool",
    description:
      "Entries of the replicas' `/etc/hosts`, each `NAME:IP`. Jobs of the docker executor have their own: `docker.extraHosts`.",
  },
  dns: {
    topic: "Network",
    type: resolvers,
    scope: "pool",
    description:
      "IP addresses of the DNS servers of the replicas (at most 3). Jobs of the docker executor have their own: `docker.dns`. Default: those of the node.",
  },
  dnsSearch: {
    topic: "Network",
    type: searchDomains,
    scope: "pool",
    description:
      "Domains in which the replicas look up names without a dot. Jobs of the docker executor have their own: `docker.dnsSearch`. Default: those of the node.",
  },
  dnsOptions: {
    topic: "Network",
    type: resolverOptions,
    scope: "pool",
    description: "Options of the replicas' `/etc/resolv.conf`, such as `ndots:2`.",
  },
} as const satisfies Record<string, Setting>;
