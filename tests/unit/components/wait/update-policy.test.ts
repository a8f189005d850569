import { describe, expect, it } from "@jest/globals";
import { assessRollout } from "../../../../components/wait/assess-rollout";
import type { ReplicaReport, Task } from "../../../../components/wait/snapshot";
import {
  advance,
  extendDeadline,
  findDeadline,
  type Deadline,
  type UpdatePolicy,
} from "../../../../components/wait/update-policy";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const UPDATING = { state: "updating", message: "" };
const START_MS = 1_000_000;

describe("the deadline of a wait", () => {
  const find = (policy: Partial<UpdatePolicy>, sinceSeconds = 0, update = UPDATING) => {
    const progress = { steps: 1, sinceMs: START_MS + sinceSeconds * 1000 };
    const all = { ...ALL_AT_ONCE, ...policy };
    const { atMs, description } = findDeadline(120, START_MS, all, update, progress);
    return [(atMs - START_MS) / 1000, description];
  };

  it.each<[string, Partial<UpdatePolicy>, string]>([
    ["is created", { parallelism: 1, delay: 60, order: "stop-first" }, ""],
    ["is replaced at once", { delay: 60 }, "updating"],
  ])("is `onlineTimeout` after the start for a pool that %s", (_, policy, state) => {
    expect(find(policy, 100, { state, message: "" })).toEqual([
      120,
      "were online after 2m (`onlineTimeout`)",
    ]);
  });

  it("is a minute later if old replicas stop first", () => {
    expect(find({ order: "stop-first" })).toEqual([
      180,
      "were online after 3m (`onlineTimeout` and 1m for `update.order`)",
    ]);
  });

  it("names the settings of an additional pool as the user wrote them", () => {
    const nameOf = (key: string) => `\`pools.big.${key}\``;
    expect(find({ nameOf, order: "stop-first" })[1]).toBe(
      "were online after 3m (`pools.big.onlineTimeout` and 1m for `pools.big.update.order`)",
    );
    expect(find({ nameOf, parallelism: 1, delay: 60 })[1]).toContain(
      "(`pools.big.onlineTimeout`, `pools.big.update.delay` and 1m for Swarm)",
    );
  });

  it("counts from the progress of an update in groups", () => {
    expect(find({ parallelism: 1, delay: 60 }, 100)).toEqual([
      100 + 120 + 60 + 60,
      "are online, and the update made no progress for 4m (`onlineTimeout`, `update.delay` and 1m for Swarm)",
    ]);
    expect(find({ parallelism: 1, order: "stop-first" }, 100)[0]).toBe(100 + 120 + 60 + 60);
  });

  it("moves only when the update progresses", () => {
    const first = { steps: 1, sinceMs: 5 };
    expect(advance(first, 1, 9)).toBe(first);
    expect(advance(first, 2, 9)).toEqual({ steps: 2, sinceMs: 9 });
  });
});

describe("an update whose replicas are all online", () => {
  const running: Task = {
    ...{ id: "t1", slot: 1, generation: "g2", created: "2026-01-01T00:00:10Z", index: 200 },
    ...{ state: "running", changed: "2026-01-01T00:01:00Z", desiredState: "running", error: "" },
    ...{ exitCode: undefined, nodeId: "n1" },
  };
  const assess = (policy: Partial<UpdatePolicy>, state: string) =>
    assessRollout(
      {
        ...{ generation: "g2", replicas: 1, indexBefore: 100 },
        policy: { ...ALL_AT_ONCE, ...policy },
      },
      { generation: "g2", update: { state, message: "task failed" }, tasks: [running] },
      new Map(),
    );

  it.each<[string, number, string]>([
    ["updating", 5, "online"],
    ["updating", 1, "online"],
    ["updating", 6, "watched"],
    ["completed", 30, "online"],
    ["paused", 5, "failed"],
    ["paused", 30, "failed"],
    // The user returned to the settings that Swarm had rolled back to. The state stays.
    ["rollback_completed", 30, "online"],
    ["rollback_paused", 5, "online"],
  ])("in state %s with a `monitor` of %i seconds is %s", (state, monitor, kind) => {
    expect(assess({ monitor }, state).kind).toBe(kind);
  });

  it("says why a paused update failed", () => {
    expect(assess({ failureAction: "pause" }, "paused")).toMatchObject({
      reasons: [expect.stringContaining("Swarm paused the update"), "1 of 1 replica online"],
    });
  });

  it("has `update.monitor` and a minute after the last one came online", () => {
    const deadline: Deadline = {
      atMs: START_MS + 120_000,
      awaits: "replicas",
      description: "in time",
    };
    const policy = { ...ALL_AT_ONCE, monitor: 30 };
    const extend = (sinceSeconds: number) =>
      extendDeadline(deadline, policy, { steps: 2, sinceMs: START_MS + sinceSeconds * 1000 });
    expect(extend(10)).toBe(deadline);
    expect(extend(100)).toEqual({
      atMs: START_MS + 190_000,
      awaits: "update",
      description:
        "within 1m30s after the last replica came online (`update.monitor` and 1m for Swarm)",
    });
  });
});

describe("an update of which one group has failed", () => {
  const task: Task = {
    ...{ id: "t1", slot: 1, generation: "g2", created: "2026-01-01T00:00:10Z", index: 200 },
    ...{ state: "failed", changed: "2026-01-01T00:01:00Z", desiredState: "shutdown", error: "" },
    ...{ exitCode: 69, nodeId: "n1" },
  };
  const refused: ReplicaReport = {
    online: false,
    last: { state: "refused", message: "403 Forbidden" },
  };
  const assess = (policy: Partial<UpdatePolicy>, tasks: readonly Task[] = [task]) =>
    assessRollout(
      {
        ...{ generation: "g2", replicas: 2, indexBefore: 100 },
        policy: { ...ALL_AT_ONCE, parallelism: 1, ...policy },
      },
      { generation: "g2", update: UPDATING, tasks },
      new Map(tasks.map(({ id }) => [id, refused])),
    );
  const reasons = ["0 of 2 replicas online", "replica 1: refused: 403 Forbidden"];

  it("ends the wait, because Swarm rolls back or pauses", () => {
    expect(assess({})).toEqual({
      kind: "failed",
      reasons: [
        ...reasons,
        "Swarm rolls the update back when one of these replicas ends (`update.failureAction`); after fixing the cause, run `pulumi refresh`, then `pulumi up`",
      ],
    });
    expect(assess({ failureAction: "pause" })).toEqual({
      kind: "failed",
      reasons: [
        ...reasons,
        "Swarm pauses the update when one of these replicas ends (`update.failureAction`); after fixing the cause, run `pulumi up`",
      ],
    });
  });

  it.each(["pause", "continue"] as const)("names `%s` of an additional pool", (failureAction) => {
    const nameOf = (key: string) => `\`pools.big.${key}\``;
    const both = [task, { ...task, id: "t2", slot: 2 }];
    expect(assess({ failureAction, nameOf }, both)).toMatchObject({
      reasons: expect.arrayContaining([
        expect.stringContaining("(`pools.big.update.failureAction`)"),
      ]),
    });
  });

  it.each<Partial<UpdatePolicy>>([{ failureAction: "continue" }, { maxFailureRatio: 0.5 }])(
    "does not end the wait with %j",
    (policy) => {
      expect(assess(policy).kind).toBe("waiting");
    },
  );

  it("ends the wait with `continue` once every replica was replaced, and names the failures", () => {
    const both = [task, { ...task, id: "t2", slot: 2 }];
    expect(assess({ failureAction: "continue" }, both)).toEqual({
      kind: "failed",
      reasons: [
        "0 of 2 replicas online",
        "replicas 1, 2: refused: 403 Forbidden",
        "Swarm keeps trying to start these replicas (`update.failureAction`); after fixing the cause, run `pulumi up`",
      ],
    });
  });

  it("names what the first replica of `stop-first` waits for", () => {
    const ready = { ...task, state: "ready", desiredState: "ready", exitCode: undefined };
    expect(
      assessRollout(
        {
          ...{ generation: "g2", replicas: 2, indexBefore: 100 },
          policy: { ...ALL_AT_ONCE, order: "stop-first" },
        },
        { generation: "g2", update: UPDATING, tasks: [ready] },
        new Map(),
      ),
    ).toMatchObject({
      reasons: [
        "0 of 2 replicas online",
        "replica 1: waits for the previous replica to stop",
        "Swarm has not created 1 replica yet (status of the update: updating)",
      ],
    });
  });
});
