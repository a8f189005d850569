import { networkMode } from "../../docker-syntax";
import type { Setting } from "../setting";
import { dnsServers, extraHosts, searchDomains } from "../types/hosts";
import { boolean, integer } from "../types/plain";

/** The docker executor: network. */
export const DOCKER_NETWORK_ROWS = {
  "docker.networkMode": {
    topic: "Docker executor: network",
    type: networkMode,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.network_mode",
    description:
      "Network of job containers, such as `host` or the name of a network. Default: Docker's default network.",
  },
  "docker.networkMtu": {
    topic: "Docker executor: network",
    type: integer(576, 9000),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.network_mtu",
    description:
      "MTU of the network that each job gets with the feature flag `FF_NETWORK_PER_BUILD` (576–9000).",
  },
  "docker.enableIpv6": {
    topic: "Docker executor: network",
    type: boolean,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.enable_ipv6",
    description:
      "Enable IPv6 in the network that each job gets with the feature flag `FF_NETWORK_PER_BUILD`.",
  },
  "docker.dns": {
    topic: "Docker executor: network",
    type: dnsServers,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.dns",
    description: "IP addresses of the DNS servers of jobs and services.",
  },
  "docker.dnsSearch": {
    topic: "Docker executor: network",
    type: searchDomains,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.dns_search",
    description: "Domains in which jobs and services look up names without a dot.",
  },
  "docker.extraHosts": {
    topic: "Docker executor: network",
    type: extraHosts,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.extra_hosts",
    description: "Entries of `/etc/hosts` for jobs and services, each `NAME:IP`.",
  },
} as const satisfies Record<string, Setting>;
