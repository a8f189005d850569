import { describe, expect, it } from "@jest/globals";
import { describePlacement } from "../../../../components/placement/describe-placement";
import { judgePlacement } from "../../../../components/placement/judge-placement";
import { warnOfManagers } from "../../../../components/placement/manager-warning";
import type {
  NodeCondition,
  PlacementRequest,
  PriorService,
  TaskOnNode,
} from "../../../../components/placement/request";
import type { Node } from "../../../../docker-engine/nodes";
import { NO_RESOURCES } from "../../../../docker-engine/resources";
import { swarmNode } from "../../../support/node";
import { gib, placementRequest, taskOn } from "../../../support/placement";

const MANAGER = swarmNode("n1", { role: "manager" });
const NODES = [MANAGER, swarmNode("n2"), swarmNode("n3")];
const WORKERS: NodeCondition = {
  text: "node.role==worker",
  matches: ({ role }) => role === "worker",
};
const SSD: NodeCondition = {
  text: "node.labels.disk==ssd",
  matches: ({ labels }) => labels["disk"] === "ssd",
};
const ARM: NodeCondition = {
  text: "linux/arm64",
  matches: ({ architecture }) => architecture === "aarch64",
};
const UPDATE: PriorService = { id: "own", replicas: 2, change: "update" };

interface Swarm {
  readonly nodes?: readonly Node[];
  readonly tasks?: readonly TaskOnNode[];
  readonly prior?: PriorService;
}

function describeRequest(
  facts: Partial<PlacementRequest>,
  { nodes = NODES, tasks = [], prior }: Swarm = {},
): string | undefined {
  const request = placementRequest(facts);
  const swarm = { nodes, tasks };
  const { problem, warning } = describePlacement(judgePlacement(request, swarm, prior), {
    request,
    swarm,
    name: (key) => `\`pools.big.${key}\``,
    services: new Map([["web", "shop_web"]]),
  });
  return problem ?? warning;
}

describe("the message about a request that the nodes cannot meet", () => {
  it("is missing if they can", () => {
    expect(describeRequest({ maxPerNode: 1 })).toBeUndefined();
  });

  it.each<[string, Partial<PlacementRequest>, Swarm, string]>([
    [
      "maxPerNode on the nodes that match",
      { maxPerNode: 1, replicas: 4, constraints: [WORKERS] },
      {},
      "`pools.big.placement.maxPerNode` (1) on the 2 nodes that match `pools.big.placement.constraints` allows 2 replicas, but `pools.big.replicas` is 4: raise `pools.big.placement.maxPerNode`, lower `pools.big.replicas`, or add nodes",
    ],
    [
      "maxPerNode, and a node that is down",
      { maxPerNode: 1, replicas: 2 },
      { nodes: [MANAGER, swarmNode("n2", { state: "down" })] },
      "`pools.big.placement.maxPerNode` (1) on the only node allows 1 replica, but `pools.big.replicas` is 2: raise `pools.big.placement.maxPerNode`, lower `pools.big.replicas`, or add nodes; not counted: node n2 is down",
    ],
    [
      "memory, and a service that reserves some",
      { reservations: gib(2), replicas: 6 },
      { tasks: [taskOn("n2", { serviceId: "web", reservations: gib(3) })] },
      "the 3 nodes have room for 4 replicas with 2 GiB of memory (`pools.big.resources.reservations.memory`) each (n1: 2, n2: 0, n3: 2), but `pools.big.replicas` is 6: lower `pools.big.replicas` or `pools.big.resources.reservations.memory`, or add nodes; there, service shop_web reserves 3 GiB of memory",
    ],
    [
      "CPUs and a generic resource",
      {
        reservations: { ...NO_RESOURCES, nanoCpus: 0.5e9, generic: { gpu: 2 } },
        replicas: 1,
      },
      { nodes: [swarmNode("n1")] },
      "the only node has room for 0 replicas with 0.5 CPUs (`pools.big.resources.reservations.cpus`) and 2 gpu (`pools.big.resources.reservations.generic`) each (n1: 0), but `pools.big.replicas` is 1: lower `pools.big.replicas` or `pools.big.resources.reservations.cpus` or `pools.big.resources.reservations.generic`, or add nodes",
    ],
    [
      "memory of many nodes",
      { reservations: gib(3), replicas: 8 },
      { nodes: [1, 2, 3, 4, 5, 6, 7].map((n) => swarmNode(`n${n}`)) },
      "the 7 nodes have room for 7 replicas with 3 GiB of memory (`pools.big.resources.reservations.memory`) each (n1: 1, n2: 1, n3: 1, n4: 1, n5: 1, and 2 more), but `pools.big.replicas` is 8: lower `pools.big.replicas` or `pools.big.resources.reservations.memory`, or add nodes",
    ],
    [
      "memory on each node of a global pool",
      { replicas: undefined, reservations: gib(2) },
      { nodes: [MANAGER, swarmNode("n2", { gib: 1 })] },
      "node n2 has no room for a replica with 2 GiB of memory (`pools.big.resources.reservations.memory`), and the pool runs one on each of the 2 nodes: lower `pools.big.resources.reservations.memory`, or exclude such nodes with `pools.big.placement.constraints`",
    ],
    [
      "memory on the only node of a global pool",
      { replicas: undefined, reservations: gib(2) },
      { nodes: [swarmNode("n2", { gib: 1 })] },
      "node n2 has no room for a replica with 2 GiB of memory (`pools.big.resources.reservations.memory`): lower `pools.big.resources.reservations.memory`, or exclude such nodes with `pools.big.placement.constraints`",
    ],
    [
      "a constraint that the only node does not meet",
      { constraints: [WORKERS] },
      { nodes: [MANAGER] },
      '`pools.big.placement.constraints`: the only node does not match "node.role==worker": change the constraint',
    ],
    [
      "a constraint that no node meets",
      { constraints: [WORKERS, SSD] },
      {},
      '`pools.big.placement.constraints`: none of the 3 nodes matches "node.labels.disk==ssd": add the label with `docker node update --label-add disk=ssd NODE`, or change the constraint',
    ],
    [
      "constraints that no node meets together",
      { constraints: [WORKERS, SSD] },
      { nodes: [swarmNode("n1", { role: "manager", labels: { disk: "ssd" } }), swarmNode("n2")] },
      '`pools.big.placement.constraints`: none of the 2 nodes matches all of them: "node.role==worker" leaves 1, and "node.labels.disk==ssd" excludes the rest: add the label with `docker node update --label-add disk=ssd NODE`, or change the constraints',
    ],
    [
      "a platform that no node has",
      { platforms: [ARM] },
      { nodes: [MANAGER, swarmNode("n2", { os: undefined })] },
      "no node has one of `pools.big.placement.platforms` (linux/arm64): the swarm has linux/amd64, nodes that have not reported theirs; add a platform, or nodes that have one",
    ],
    [
      "nodes that are down or drained",
      { maxPerNode: 1 },
      { nodes: [swarmNode("n1", { state: "down" }), swarmNode("n2", { availability: "drain" })] },
      "no node can run replicas: node n1 is down, node n2 is set to drain: start the nodes, or set them to active with `docker node update --availability active NODE`",
    ],
    [
      "matching nodes that are down",
      { constraints: [WORKERS] },
      { nodes: [MANAGER, swarmNode("n2", { state: "down" })] },
      "every node that could run replicas is unavailable: node n2 is down: start the nodes, or set them to active with `docker node update --availability active NODE`",
    ],
    [
      "a rolling update on nodes that have maxPerNode replicas",
      { maxPerNode: 1 },
      { nodes: NODES.slice(0, 2), tasks: [taskOn("n1"), taskOn("n2")], prior: UPDATE },
      "this update starts new replicas beside the old ones (`pools.big.update.order` is start-first), but no new one can ever start: `pools.big.placement.maxPerNode` is 1, and the 2 nodes run old replicas (n1: 1, n2: 1): set `pools.big.update.order` to stop-first, raise `pools.big.placement.maxPerNode`, add a node, or lower `pools.big.replicas` in the same update",
    ],
    [
      "a rolling update on nodes whose memory the old replicas reserve",
      { reservations: gib(3), replicas: 1, constraints: [SSD] },
      {
        nodes: [swarmNode("n1", { labels: { disk: "ssd" } })],
        tasks: [taskOn("n1", { reservations: gib(3) })],
        prior: UPDATE,
      },
      "this update starts new replicas beside the old ones (`pools.big.update.order` is start-first), but no new one can ever start: each reserves 3 GiB of memory (`pools.big.resources.reservations.memory`), and the only node that matches `pools.big.placement.constraints` runs old replicas (n1: 1): set `pools.big.update.order` to stop-first, lower `pools.big.resources.reservations.memory`, add a node, or lower `pools.big.replicas` in the same update",
    ],
    [
      "a rolling update of a global pool, one of whose nodes is full",
      { replicas: undefined, reservations: gib(3) },
      {
        nodes: [MANAGER, swarmNode("n2", { gib: 8 })],
        tasks: ["n1", "n2"].map((node) => taskOn(node, { reservations: gib(3) })),
        prior: { ...UPDATE, replicas: undefined },
      },
      "this update starts new replicas beside the old ones (`pools.big.update.order` is start-first), but no new one can ever start on node n1: each reserves 3 GiB of memory (`pools.big.resources.reservations.memory`): set `pools.big.update.order` to stop-first, or lower `pools.big.resources.reservations.memory`",
    ],
    [
      "tasks that are stopping",
      { reservations: gib(4), replicas: 3 },
      { tasks: [taskOn("n2", { serviceId: "web", reservations: gib(1), isStopping: true })] },
      "only 2 of 3 replicas can start now, because tasks that are stopping still reserve resources: the others start when those have ended; to have room for all now, lower `pools.big.replicas` or add nodes",
    ],
  ])("names %s", (_what, request, swarm, message) => {
    expect(describeRequest(request, swarm)).toBe(message);
  });
});

describe("the warning about managers", () => {
  const warn = (nodes: readonly Node[], constraints: readonly NodeCondition[] = []) =>
    warnOfManagers(nodes, { constraints, platforms: [] }, "`placement.constraints`");

  it.each<[string, readonly Node[]]>([
    ["workers", NODES],
    ["a worker that is down", [MANAGER, swarmNode("n2", { state: "down" })]],
    ["a drained worker", [MANAGER, swarmNode("n2", { availability: "drain" })]],
  ])("names the managers, and the constraint that prevents it, with %s", (_what, nodes) => {
    expect(warn(nodes)).toBe(
      'replicas with the Docker socket of their node may run on a manager (n1), where this socket controls the whole swarm: to keep replicas on workers, add "node.role==worker" to `placement.constraints`',
    );
  });

  it.each<[string, readonly Node[], readonly NodeCondition[]]>([
    ["the constraint", NODES, [WORKERS]],
    ["managers only", [MANAGER, swarmNode("n2", { role: "manager" })], []],
    ["a drained manager", [{ ...MANAGER, availability: "drain" }, swarmNode("n2")], []],
  ])("is missing with %s", (_what, nodes, constraints) => {
    expect(warn(nodes, constraints)).toBeUndefined();
  });
});
