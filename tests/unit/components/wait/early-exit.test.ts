import { describe, expect, it } from "@jest/globals";
import { assessRollout } from "../../../../components/wait/assess-rollout";
import type {
  ReplicaReport,
  ReportsByTask,
  Snapshot,
  Task,
} from "../../../../components/wait/snapshot";
import { formatRunnerExit } from "../../../../contract/runner-exit";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const TARGET = { generation: "g2", replicas: 1, indexBefore: 100, policy: ALL_AT_ONCE };
const UPDATING = { state: "updating", message: "update in progress" };

const EXITED: ReplicaReport = {
  online: false,
  last: { state: "warning", message: formatRunnerExit(1) },
  hasRunnerExited: true,
  wasOnline: false,
};

/** The replicas of one slot, oldest first. The last one deregisters and waits before it exits. */
const slot = (...ids: readonly string[]): readonly Task[] =>
  ids.map((id, i) => ({
    ...{ id, slot: 1, nodeId: "n1", generation: "g2", changed: "" },
    created: `2026-01-01T00:0${i}:00Z`,
    ...(i === ids.length - 1
      ? { state: "starting", desiredState: "running", error: "", exitCode: undefined }
      : {
          state: "failed",
          desiredState: "shutdown",
          error: "task: non-zero exit (1)",
          exitCode: 1,
        }),
    index: 200,
  }));

const assess = (
  tasks: readonly Task[],
  reports: Readonly<Record<string, ReplicaReport>>,
  rest: Partial<Snapshot> = {},
) => {
  const byTask: ReportsByTask = new Map(Object.entries(reports));
  return assessRollout(TARGET, { generation: "g2", update: undefined, tasks, ...rest }, byTask);
};

describe("a replica whose gitlab-runner exits before it is online", () => {
  it("gets a second attempt", () => {
    expect(assess(slot("a"), { a: EXITED })).toEqual({
      kind: "waiting",
      reasons: ["0 of 1 replica online", "replica 1: gitlab-runner exited unexpectedly (code 1)"],
      silentTask: "a",
    });
  });

  it("ends the wait at the second exit in a row, before the container ends", () => {
    expect(assess(slot("a", "b"), { a: EXITED, b: EXITED })).toMatchObject({
      kind: "failed",
      silentTask: "b",
    });
  });

  it("ends the wait of an update at the first exit, because Swarm will roll back", () => {
    const update = UPDATING;

    expect(assess(slot("a"), { a: EXITED }, { update })).toMatchObject({
      kind: "failed",
      silentTask: "a",
    });
  });

  it("is named in the message about the rollback", () => {
    const update = { state: "rollback_completed", message: "rollback completed" };
    const assessment = assess(slot("a", "b"), { a: EXITED }, { generation: "g1", update });

    expect(assessment).toMatchObject({ kind: "failed", silentTask: "a" });
    expect(JSON.stringify(assessment)).toContain(
      "replica 1: gitlab-runner exited unexpectedly (code 1); task: non-zero exit (1)",
    );
  });

  it("does not count if it ended before this change", () => {
    const [old, ...rest] = slot("a", "b");
    const tasks = [...(old === undefined ? [] : [{ ...old, index: 100 }]), ...rest];

    expect(assess(tasks, { a: EXITED, b: EXITED })).toMatchObject({ kind: "waiting" });
  });
});

describe("a replica whose gitlab-runner exits after it was online", () => {
  const late = { ...EXITED, wasOnline: true };

  it("ends the wait at the third exit in a row", () => {
    const two = { a: late, b: late };

    expect(assess(slot("a", "b"), two).kind).toBe("waiting");
    expect(assess(slot("a", "b", "c"), { ...two, c: late }).kind).toBe("failed");
  });

  it("does not end the wait of an update", () => {
    expect(assess(slot("a"), { a: late }, { update: UPDATING }).kind).toBe("waiting");
  });
});
