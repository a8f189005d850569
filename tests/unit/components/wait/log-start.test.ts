import { describe, expect, it } from "@jest/globals";
import { findLogStart } from "../../../../components/wait/log-start";
import type { Task } from "../../../../components/wait/snapshot";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const TARGET = { generation: "g", replicas: 2, indexBefore: 0, policy: ALL_AT_ONCE };
const OLD = "2026-01-01T00:00:00.000Z";
const NEW = "2026-06-01T12:00:00.000Z";

function task(changes: Partial<Task>): Task {
  return {
    ...{ id: "t", slot: 1, nodeId: "n1", generation: "g", created: NEW, changed: NEW },
    state: "starting",
    ...{ desiredState: "running", error: "", exitCode: undefined, index: 1 },
    ...changes,
  };
}

function since(...tasks: readonly Task[]) {
  return findLogStart({ generation: "g", update: undefined, tasks }, TARGET);
}

const veteran = task({ created: OLD, changed: OLD, state: "running" });

describe("the log that a wait follows", () => {
  it("begins at the new replica, not at one that has been running for months", () => {
    expect(since(veteran, task({ slot: 2 }))).toBe("2026-06-01T11:59:00.000Z");
  });

  it("begins at the oldest replica that does not run yet", () => {
    const waiting = task({ slot: 3, created: "2026-05-01T00:01:00Z", changed: OLD });

    expect(since(veteran, task({ slot: 2 }), waiting)).toBe("2026-05-01T00:00:00.000Z");
  });

  it("includes only the last lines of the previous replica in the slot", () => {
    const ended = task({ created: OLD, changed: NEW, state: "failed", desiredState: "shutdown" });
    const next = task({ id: "t2", created: "2026-06-01T12:00:05Z" });

    expect(since(ended, next)).toBe("2026-06-01T11:57:00.000Z");
  });

  it("does not begin before the creation of a replica that failed soon after its start", () => {
    const created = "2026-06-01T11:59:50Z";
    const ended = task({ created, changed: NEW, state: "failed", desiredState: "shutdown" });

    expect(since(ended, task({ id: "t2" }))).toBe("2026-06-01T11:58:50.000Z");
  });

  it("includes the new replica of a slot whose old replica drains", () => {
    const draining = { ...veteran, desiredState: "shutdown" };

    expect(since(draining, task({ id: "t2" }))).toBe("2026-06-01T11:59:00.000Z");
  });

  it("has no start when every replica runs", () => {
    expect(since(veteran)).toBeUndefined();
    expect(since(veteran, task({ slot: 2, generation: "old" }))).toBeUndefined();
  });
});
