import { describe, expect, it } from "@jest/globals";
import { judgePlacement } from "../../../../components/placement/judge-placement";
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

const TWO = [swarmNode("n1"), swarmNode("n2")];
const UPDATE: PriorService = { id: "own", replicas: 2, change: "update" };
const WORKERS: NodeCondition = { text: "worker", matches: ({ role }) => role === "worker" };

function judge(
  request: Partial<PlacementRequest>,
  {
    nodes = TWO,
    tasks = [],
    prior,
  }: {
    readonly nodes?: readonly Node[];
    readonly tasks?: readonly TaskOnNode[];
    readonly prior?: PriorService;
  } = {},
) {
  const verdict = judgePlacement(placementRequest(request), { nodes, tasks }, prior);
  return "places" in verdict ? [verdict.kind, verdict.places] : [verdict.kind];
}

describe("a pool that is created", () => {
  const tooFew = (places: number) => ["too few places", places];

  it("fits without restrictions, even if no node is available", () => {
    expect(judge({}, { nodes: [swarmNode("n1", { state: "down" })] })).toEqual(["fits"]);
  });

  it("needs no node for 0 replicas", () => {
    expect(judge({ replicas: 0, maxPerNode: 1 }, { nodes: [] })).toEqual(["fits"]);
  });

  it.each<[string, Partial<PlacementRequest>, readonly unknown[]]>([
    ["maxPerNode times nodes equals replicas", { maxPerNode: 2, replicas: 4 }, ["fits"]],
    ["maxPerNode times nodes is below replicas", { maxPerNode: 2, replicas: 5 }, tooFew(4)],
    ["memory suffices", { reservations: gib(2), replicas: 4 }, ["fits"]],
    [
      "only the sum of the memory of all nodes would suffice",
      { reservations: gib(2.5), replicas: 3 },
      tooFew(2),
    ],
    [
      "CPUs do not suffice",
      { reservations: { ...NO_RESOURCES, nanoCpus: 1.5e9 }, replicas: 3 },
      tooFew(2),
    ],
    [
      "no node has the generic resource",
      { reservations: { ...NO_RESOURCES, generic: { gpu: 1 } }, replicas: 1 },
      tooFew(0),
    ],
    [
      "maxPerNode and memory limit different nodes",
      { reservations: gib(2), maxPerNode: 1, replicas: 3 },
      tooFew(2),
    ],
  ])("%s", (_what, request, verdict) => {
    expect(judge(request)).toEqual(verdict);
  });

  it("uses only nodes that are ready and active", () => {
    const nodes = [
      swarmNode("n1"),
      swarmNode("n2", { state: "down" }),
      swarmNode("n3", { availability: "drain" }),
      swarmNode("n4", { availability: "pause" }),
    ];
    expect(judge({ maxPerNode: 1 }, { nodes })).toEqual(tooFew(1));
  });

  it("uses only nodes that meet all constraints and one of the platforms", () => {
    const nodes = [
      swarmNode("n1", { role: "manager" }),
      swarmNode("n2", { architecture: "aarch64" }),
      swarmNode("n3"),
    ];
    const amd64 = { text: "amd64", matches: (node: Node) => node.architecture === "x86_64" };
    const request = { maxPerNode: 1, constraints: [WORKERS], platforms: [amd64] };
    expect(judge({ ...request, replicas: 1 }, { nodes })).toEqual(["fits"]);
    expect(judge({ ...request, replicas: 2 }, { nodes })).toEqual(tooFew(1));
  });

  it("has no node if none meets the constraints", () => {
    const nodes = [swarmNode("n1", { role: "manager" })];
    expect(judge({ constraints: [WORKERS] }, { nodes })).toEqual(["no node"]);
  });

  it("leaves what other services reserve", () => {
    const tasks = [taskOn("n1", { serviceId: "web", reservations: gib(3) })];
    expect(judge({ reservations: gib(2), replicas: 3 }, { tasks })).toEqual(tooFew(2));
  });

  it("does not count tasks of other services against maxPerNode", () => {
    const tasks = [taskOn("n1", { serviceId: "web" }), taskOn("n2", { serviceId: "web" })];
    expect(judge({ maxPerNode: 1 }, { tasks })).toEqual(["fits"]);
  });

  it("fits later if only tasks that are stopping are in the way", () => {
    const tasks = [taskOn("n1", { serviceId: "web", reservations: gib(4), isStopping: true })];
    expect(judge({ reservations: gib(2), replicas: 4 }, { tasks })).toEqual(["fits later"]);
    expect(judge({ reservations: gib(2), replicas: 2 }, { tasks })).toEqual(["fits"]);
  });

  it("needs a node without reported resources only for replicas that reserve nothing", () => {
    const nodes = [swarmNode("n1", { resources: undefined })];
    expect(judge({ replicas: 1, maxPerNode: 1 }, { nodes })).toEqual(["fits"]);
    expect(judge({ replicas: 1, reservations: gib(1) }, { nodes })).toEqual(tooFew(0));
  });
});

describe("a change that keeps the replicas", () => {
  const full = [taskOn("n1"), taskOn("n2")];
  const kept: PriorService = { id: "own", replicas: 2, change: "none" };

  it.each([1, 2])("is not judged with %d replicas of 2", (replicas) => {
    const nodes = [swarmNode("n1", { state: "down" })];
    expect(judge({ maxPerNode: 1, replicas }, { nodes, tasks: full, prior: kept })).toEqual([
      "fits",
    ]);
  });

  it("needs room for the additional replicas", () => {
    const three = [...TWO, swarmNode("n3")];
    const request = { maxPerNode: 1, replicas: 3 };
    expect(judge(request, { nodes: three, tasks: full, prior: kept })).toEqual(["fits"]);
    expect(judge(request, { tasks: full, prior: kept })).toEqual(["too few places", 2]);
  });

  it("counts replicas on a node that takes no new ones", () => {
    const nodes = [swarmNode("n1"), swarmNode("n2", { availability: "pause" }), swarmNode("n3")];
    expect(judge({ maxPerNode: 1, replicas: 3 }, { nodes, tasks: full, prior: kept })).toEqual([
      "fits",
    ]);
  });

  it("does not count its own reservations twice", () => {
    const tasks = ["n1", "n2"].map((name) => taskOn(name, { reservations: gib(2) }));
    const request = { reservations: gib(2), replicas: 4 };
    expect(judge(request, { tasks, prior: kept })).toEqual(["fits"]);
    expect(judge({ ...request, replicas: 5 }, { tasks, prior: kept })).toEqual([
      "too few places",
      4,
    ]);
  });

  it("waits for replicas that drain: they hold their memory, but no place of maxPerNode", () => {
    const tasks = [...full, taskOn("n1", { reservations: gib(4), isStopping: true })];
    const request = { reservations: gib(3), replicas: 3, maxPerNode: 2 };
    const nodes = [swarmNode("n1"), swarmNode("n2", { gib: 1 })];
    expect(judge(request, { nodes, tasks, prior: kept })).toEqual(["fits later"]);
    const free = { ...request, reservations: NO_RESOURCES, replicas: 4 };
    expect(judge(free, { tasks, prior: kept })).toEqual(["fits"]);
  });
});

describe("a rolling update", () => {
  const full = [taskOn("n1"), taskOn("n2")];
  const stuck = ["no place beside the old replicas"];

  it("is stuck with start-first if maxPerNode is reached on all nodes", () => {
    expect(judge({ maxPerNode: 1 }, { tasks: full, prior: UPDATE })).toEqual(stuck);
  });

  it.each<[string, Partial<PlacementRequest>, readonly Node[]]>([
    ["stop-first", { maxPerNode: 1, order: "stop-first" }, TWO],
    ["a higher maxPerNode", { maxPerNode: 2 }, TWO],
    ["one more node", { maxPerNode: 1 }, [...TWO, swarmNode("n3")]],
    ["fewer replicas in the same update", { maxPerNode: 1, replicas: 1 }, TWO],
  ])("works with %s", (_what, request, nodes) => {
    expect(judge(request, { nodes, tasks: full, prior: UPDATE })).toEqual(["fits"]);
  });

  it("works after the number of replicas was lowered", () => {
    const prior = { ...UPDATE, replicas: 1 };
    expect(judge({ maxPerNode: 1, replicas: 1 }, { tasks: [taskOn("n1")], prior })).toEqual([
      "fits",
    ]);
  });

  it("works if old replicas drain", () => {
    const tasks = [taskOn("n1"), taskOn("n2", { isStopping: true })];
    expect(judge({ maxPerNode: 1 }, { tasks, prior: UPDATE })).toEqual(["fits"]);
  });

  it("works if the service has no replica yet", () => {
    expect(judge({ maxPerNode: 1 }, { prior: { ...UPDATE, replicas: 0 } })).toEqual(["fits"]);
  });

  it("works if the service is replaced, because its old replicas end first", () => {
    const prior = { ...UPDATE, change: "replacement" } as const;
    expect(judge({ maxPerNode: 1 }, { tasks: full, prior })).toEqual(["fits"]);
  });

  it("is stuck with start-first if the old replicas reserve what the new ones need", () => {
    const tasks = ["n1", "n2"].map((name) => taskOn(name, { reservations: gib(3) }));
    const request = { reservations: gib(2) };
    expect(judge(request, { tasks, prior: UPDATE })).toEqual(stuck);
    expect(judge({ ...request, order: "stop-first" }, { tasks, prior: UPDATE })).toEqual(["fits"]);
    expect(judge({ reservations: gib(1) }, { tasks, prior: UPDATE })).toEqual(["fits"]);
  });

  it("has too few places in either order if the new replicas cannot all run at once", () => {
    const request = { maxPerNode: 1, replicas: 3 };
    for (const order of ["start-first", "stop-first"] as const) {
      expect(judge({ ...request, order }, { tasks: full, prior: UPDATE })).toEqual([
        "too few places",
        2,
      ]);
    }
  });

  it("moves replicas away from nodes that the new constraints exclude", () => {
    const nodes = [swarmNode("n1", { role: "manager" }), swarmNode("n2"), swarmNode("n3")];
    const tasks = [taskOn("n1"), taskOn("n2")];
    expect(
      judge({ maxPerNode: 1, constraints: [WORKERS] }, { nodes, tasks, prior: UPDATE }),
    ).toEqual(["fits"]);
  });
});

describe("a global pool", () => {
  const nodes = [swarmNode("n1"), swarmNode("n2", { gib: 1 })];
  const global = { replicas: undefined };
  const prior: PriorService = { id: "own", replicas: undefined, change: "update" };

  it("needs room on each node that meets the constraints", () => {
    expect(judge({ ...global, reservations: gib(1) }, { nodes })).toEqual(["fits"]);
    expect(judge({ ...global, reservations: gib(2) }, { nodes })).toEqual(["too few places", 1]);
    const big = { text: "n1", matches: ({ name }: Node) => name === "n1" };
    expect(judge({ ...global, reservations: gib(2), constraints: [big] }, { nodes })).toEqual([
      "fits",
    ]);
  });

  it("is not judged if nothing changes for the replicas", () => {
    const unchanged = { ...prior, change: "none" } as const;
    expect(judge({ ...global, reservations: gib(9) }, { nodes, prior: unchanged })).toEqual([
      "fits",
    ]);
  });

  it("is stuck with start-first if one node has no room beside its old replica", () => {
    const tasks = ["n1", "n2"].map((name) => taskOn(name, { reservations: gib(1) }));
    const request = { ...global, reservations: gib(1) };
    expect(judge(request, { nodes, tasks, prior })).toEqual(["no place beside the old replicas"]);
    expect(judge({ ...request, order: "stop-first" }, { nodes, tasks, prior })).toEqual(["fits"]);
    expect(judge(request, { nodes, tasks: tasks.slice(0, 1), prior })).toEqual(["fits"]);
  });
});
