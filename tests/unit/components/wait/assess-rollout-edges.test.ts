import { describe, expect, it } from "@jest/globals";
import { assessRollout } from "../../../../components/wait/assess-rollout";
import type {
  ReplicaReport,
  ReportsByTask,
  Snapshot,
  Task,
} from "../../../../components/wait/snapshot";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const SINCE = "2026-01-01T00:00:05Z";
const AFTER = "2026-01-01T00:00:06Z";

const TARGET = { generation: "g2", replicas: 1, indexBefore: 100, policy: ALL_AT_ONCE };

const task = (state: string, rest: Partial<Task> = {}): Task => ({
  ...{ id: "t1", slot: 1, nodeId: "n1", generation: "g2", created: SINCE, state },
  ...{ changed: SINCE, index: 101 },
  ...{ desiredState: "running", error: "", exitCode: undefined },
  ...rest,
});

const snapshot = (tasks: readonly Task[], rest: Partial<Snapshot> = {}): Snapshot => ({
  ...{ generation: "g2", update: undefined, tasks },
  ...rest,
});

const reports = (given: Partial<ReplicaReport> = {}, id = "t1"): ReportsByTask =>
  new Map([[id, { online: false, last: undefined, ...given }]]);
const nothing: ReportsByTask = new Map();

const refused = { last: { state: "refused", message: "403 Forbidden" } } as const;

describe("a replica", () => {
  it.each<[string, Partial<Task>, ReportsByTask]>([
    ["is shutting down", { desiredState: "shutdown", state: "running" }, nothing],
    ["has failed since it reported online", { state: "failed" }, reports({ online: true })],
    ["is starting and has reported nothing", { state: "starting" }, nothing],
    ["is starting and has reported another state", { state: "starting" }, reports()],
  ])("is not online when it %s", (_, rest, given) => {
    expect(assessRollout(TARGET, snapshot([task("new", rest)]), given).kind).toBe("waiting");
  });

  it("is online when one task of its slot is online and another has failed", () => {
    const tasks = [
      task("failed", { id: "t0", created: AFTER, desiredState: "shutdown" }),
      task("running"),
    ];

    expect(assessRollout(TARGET, snapshot(tasks), nothing)).toEqual({ kind: "online" });
  });
});

describe("a failed replica", () => {
  it.each<[string, Partial<Task>, ReportsByTask, string]>([
    ["ends the wait if its log has `refused`", {}, reports(refused), "failed"],
    ["ends the wait if its exit code means refused", { exitCode: 69 }, nothing, "failed"],
    ["ends the wait if its exit code means invalid settings", { exitCode: 78 }, nothing, "failed"],
    [
      "is ignored if it failed before this change",
      { exitCode: 69, index: 100 },
      nothing,
      "waiting",
    ],
    ["is ignored if it has another exit code", { exitCode: 70 }, nothing, "waiting"],
    ["is ignored if it has no exit code", {}, reports(), "waiting"],
  ])("%s", (_, rest, given, kind) => {
    expect(assessRollout(TARGET, snapshot([task("failed", rest)]), given).kind).toBe(kind);
  });

  it("fails its slot even when a new task of the slot is ready", () => {
    const tasks = [
      task("ready", { id: "t2", created: AFTER }),
      task("failed", { exitCode: 69, desiredState: "shutdown" }),
    ];

    expect(assessRollout(TARGET, snapshot(tasks), nothing).kind).toBe("failed");
  });
});

describe("a replica that Swarm cannot start", () => {
  it.each<[string, readonly Task[], string]>([
    ["makes the pool stuck when it is rejected", [task("rejected")], "stuck"],
    [
      "is ignored when it was rejected before this change",
      [task("rejected", { index: 100 })],
      "waiting",
    ],
    [
      "makes the pool stuck when it is pending with an error",
      [task("pending", { error: "no node fits" })],
      "stuck",
    ],
    ["is waited for when it is pending without an error", [task("pending")], "waiting"],
    [
      "is waited for when it is assigned, despite an old error",
      [task("assigned", { error: "was rejected" })],
      "waiting",
    ],
    [
      "is waited for when its next task is ready",
      [task("ready", { created: AFTER }), task("rejected", { id: "t0" })],
      "waiting",
    ],
    [
      "is waited for when its next task is starting",
      [task("starting", { created: AFTER }), task("rejected", { id: "t0" })],
      "waiting",
    ],
  ])("%s", (_, tasks, kind) => {
    expect(assessRollout(TARGET, snapshot(tasks), nothing).kind).toBe(kind);
  });

  it("counts as retrying while a node prepares one replica", () => {
    const target = { ...TARGET, replicas: 2 };
    const preparing = [
      task("preparing", { created: AFTER }),
      task("rejected", { id: "t0" }),
      task("rejected", { id: "t2", slot: 2 }),
    ];

    expect(assessRollout(target, snapshot(preparing), nothing)).toMatchObject({
      kind: "stuck",
      isRetrying: true,
    });
    const rejected = [task("rejected"), task("rejected", { id: "t2", slot: 2 })];
    expect(assessRollout(target, snapshot(rejected), nothing)).toMatchObject({ isRetrying: false });
  });
});

describe("the reason", () => {
  const reasons = (tasks: readonly Task[], given: ReportsByTask): readonly string[] => {
    const assessment = assessRollout({ ...TARGET, replicas: 2 }, snapshot(tasks), given);
    return assessment.kind === "online" ? [] : assessment.reasons;
  };

  it("combines the replica's report and Swarm's error", () => {
    expect(
      reasons([task("failed", { error: "task: non-zero exit (69)" })], reports(refused)),
    ).toEqual([
      "0 of 2 replicas online",
      "replica 1: refused: 403 Forbidden; task: non-zero exit (69)",
      "Swarm has not created 1 replica yet (status of the update: none)",
    ]);
  });

  it("is the report or the error alone if only one exists", () => {
    expect(reasons([task("failed")], reports(refused))).toContain(
      "replica 1: refused: 403 Forbidden",
    );
    expect(reasons([task("rejected", { error: "No such image" })], nothing)).toContain(
      "replica 1: No such image",
    );
  });

  it("is the state of the task if there is neither a report nor an error", () => {
    expect(reasons([task("assigned")], nothing)).toContain(
      "replica 1: assigned, no log output yet",
    );
  });

  it.each([
    ["error", task("failed", { id: "t0", error: "exit 1" }), nothing, "exit 1"],
    ["report", task("failed", { id: "t0" }), reports(refused, "t0"), "refused: 403 Forbidden"],
  ])(
    "is the %s of the previous task if the newest task has no reason",
    (_, before, given, reason) => {
      const newest = task("new", { id: "t1", created: AFTER });

      expect(reasons([before, newest], given)).toContain(`replica 1: ${reason}`);
    },
  );

  it("is that of the newest task with a reason, and slots with the same reason share a line", () => {
    const tasks = [
      task("failed", { id: "t0", error: "old" }),
      task("failed", { id: "t1", created: AFTER, error: "new" }),
      task("failed", { id: "t2", slot: 2, error: "new" }),
    ];

    expect(reasons(tasks, nothing)).toEqual(["0 of 2 replicas online", "replicas 1, 2: new"]);
  });

  it("names what Swarm did with the update and what to do next", () => {
    const update = { state: "paused", message: "task failed" };
    const assessment = assessRollout(TARGET, snapshot([], { update }), nothing);

    expect(assessment).toEqual({
      kind: "failed",
      reasons: [
        "Swarm paused the update (task failed); fix the cause, and run `pulumi up`; if that changes no setting, first continue the update with `docker service update --detach SERVICE`",
        "0 of 1 replica online",
      ],
    });
  });

  it("names the delay during which Swarm would ignore that", () => {
    const update = { state: "paused", message: "task failed" };
    const policy = { ...TARGET.policy, delay: 90 };
    expect(assessRollout({ ...TARGET, policy }, snapshot([], { update }), nothing)).toMatchObject({
      reasons: [
        expect.stringMatching(
          / --detach SERVICE`, which Swarm ignores until 1m30s after the pause \(`update\.delay`\)$/,
        ),
        "0 of 1 replica online",
      ],
    });
  });

  it("names replicas that Swarm has not created, with the status of the update", () => {
    const update = { state: "updating", message: "update in progress" };
    const assessment = assessRollout(
      { ...TARGET, replicas: 3 },
      snapshot([task("running")], { update }),
      nothing,
    );
    expect(assessment).toMatchObject({
      kind: "waiting",
      reasons: [
        "1 of 3 replicas online",
        "Swarm has not created 2 replicas yet (status of the update: updating, update in progress)",
      ],
    });
  });
});
