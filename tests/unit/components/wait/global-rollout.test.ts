import { describe, expect, it } from "@jest/globals";
import { assessRollout } from "../../../../components/wait/assess-rollout";
import { explainNoReplica } from "../../../../components/wait/explain-rollout";
import { findLogStart } from "../../../../components/wait/log-start";
import { readSnapshot } from "../../../../components/wait/read-snapshot";
import type { ReplicaReport, Task } from "../../../../components/wait/snapshot";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const TARGET = { generation: "g2", replicas: undefined, indexBefore: 100, policy: ALL_AT_ONCE };
const NODES = [1, 2, 3].map((n) => ({ id: `n${n}`, name: `worker-${n}` }));
const CREATED = "2026-01-01T00:01:00.000Z";

const task = (nodeId: string, state: string, rest: Partial<Task> = {}): Task => ({
  ...{ id: `t-${nodeId}`, slot: 0, nodeId, generation: "g2", created: CREATED },
  ...{ state, changed: CREATED, index: 200, desiredState: "running" },
  ...{ error: "", exitCode: undefined },
  ...rest,
});

const running = (nodeId: string) => task(nodeId, "running");

function assess(
  tasks: readonly Task[],
  nodes = NODES,
  reports: Readonly<Record<string, ReplicaReport>> = {},
) {
  const snapshot = { generation: "g2", update: undefined, tasks, nodes };
  return assessRollout(TARGET, snapshot, new Map(Object.entries(reports)));
}

describe("the wait for a global pool", () => {
  it("ends when every node has a replica that is online", () => {
    expect(assess(["n1", "n2", "n3"].map(running))).toEqual({ kind: "online" });
  });

  it("does not count two replicas of one node for two nodes", () => {
    const tasks = [running("n1"), running("n2"), { ...running("n2"), id: "t-draining" }];
    expect(assess(tasks)).toEqual({
      kind: "waiting",
      reasons: [
        "2 of 3 replicas online",
        "the replica on node worker-3: Swarm has not created it yet",
      ],
    });
  });

  it("continues for a node whose replica still has the previous spec", () => {
    const old = { ...running("n3"), generation: "g1" };
    expect(assess([running("n1"), running("n2"), old]).kind).toBe("waiting");
  });

  it("names the nodes that share a reason", () => {
    const last = { state: "waiting", message: "GitLab answers 502" } as const;
    const report = { online: false, last };
    const tasks = [running("n1"), task("n2", "starting"), task("n3", "starting")];
    expect(assess(tasks, NODES, { "t-n2": report, "t-n3": report })).toMatchObject({
      reasons: [
        "1 of 3 replicas online",
        "the replicas on nodes worker-2, worker-3: waiting: GitLab answers 502",
      ],
    });
  });

  it("does not wait for the replica of a node that has left", () => {
    const gone = task("n3", "starting", { desiredState: "shutdown" });
    expect(assess([running("n1"), running("n2"), gone], NODES.slice(0, 2))).toEqual({
      kind: "online",
    });
  });

  it("ends at once if no node can have a replica", () => {
    expect(assess([], [])).toEqual({ kind: "online" });
  });

  it("fails when GitLab rejects the replica of every missing node", () => {
    const last = { state: "refused", message: "403 Forbidden" } as const;
    const tasks = [running("n1"), running("n2"), running("n3")];
    const result = assess(tasks, NODES, { "t-n3": { online: false, last } });
    expect(result).toMatchObject({
      kind: "failed",
      reasons: ["2 of 3 replicas online", "the replica on node worker-3: refused: 403 Forbidden"],
    });
  });

  it("is stuck if a node has no room for its replica", () => {
    const error = "no suitable node (insufficient resources on 1 node)";
    const tasks = [running("n1"), running("n2"), task("n3", "pending", { error })];
    expect(assess(tasks)).toMatchObject({ kind: "stuck", isRetrying: false });
  });

  it("reads the log from the start of the node whose replica does not run", () => {
    const veteran = { ...running("n1"), created: "2025-01-01T00:00:00.000Z" };
    const tasks = [veteran, task("n2", "starting")];
    const snapshot = { generation: "g2", update: undefined, tasks, nodes: NODES.slice(0, 2) };
    expect(findLogStart(snapshot, TARGET)).toBe("2026-01-01T00:00:00.000Z");
  });
});

describe("the nodes that must have a replica of a global service", () => {
  const node = (id: string, State: string, Availability: string) => ({
    ...{ ID: id, Description: { Hostname: `host-${id}` } },
    ...{ Status: { State }, Spec: { Availability, Role: id === "e" ? "manager" : "worker" } },
  });

  const read = (Mode: object, Placement: object = {}) =>
    readSnapshot(
      {
        get: (path) => {
          if (path === "/tasks") return Promise.resolve([]);
          if (path !== "/nodes") {
            return Promise.resolve({
              ID: "s",
              Spec: { Name: "ci", Mode, TaskTemplate: { Placement } },
            });
          }
          return Promise.resolve([
            node("a", "ready", "active"),
            node("b", "ready", "pause"),
            node("c", "ready", "drain"),
            node("d", "down", "active"),
            node("e", "unknown", "active"),
          ]);
        },
      },
      "s",
    );

  it("are neither paused nor drained nor down", async () => {
    const { nodes } = await read({ Global: {} });
    expect(nodes?.map(({ name }) => name)).toEqual(["host-a", "host-e"]);
  });

  it.each([
    ["constraints", { Constraints: ["node.role==manager"] }, ["host-e"]],
    ["platforms", { Platforms: [{ OS: "linux", Architecture: "arm64" }] }, []],
  ])("meet the %s of the service", async (_what, placement, expected) => {
    const { nodes } = await read({ Global: {} }, placement);
    expect(nodes?.map(({ name }) => name)).toEqual(expected);
  });

  it("are not read for a replicated service", async () => {
    expect((await read({ Replicated: { Replicas: 1 } })).nodes).toBeUndefined();
  });
});

describe("the warning about a global pool without a replica", () => {
  const warn = (placement: { constraints?: string[]; platforms?: string[] }) =>
    explainNoReplica("ci", { placement, nameOf: (key) => `\`pools.big.${key}\`` });

  it("names the conditions that no node meets", () => {
    expect(warn({ constraints: ["node.role==worker"], platforms: ["linux/arm64"] })).toBe(
      "service ci has no replica: `pools.big.mode` is global, and no node that meets `pools.big.placement.constraints` and `pools.big.placement.platforms` is ready and active; Swarm starts a replica as soon as there is such a node",
    );
  });

  it("names none if the pool has none", () => {
    expect(warn({})).toContain("and no node is ready and active;");
  });
});
