import { describe, expect, it } from "@jest/globals";
import type { Assessment } from "../../../../components/wait/assess-rollout";
import { FIRST_STATE, nextStep, type WaitState } from "../../../../components/wait/next-step";

const DEADLINE = 60_000;
const WAITING: Assessment = { kind: "waiting", reasons: ["0 of 1 replica online"] };
const STUCK: Assessment = { kind: "stuck", reasons: ["no node fits"], isRetrying: false };
const TRYING: Assessment = { ...STUCK, isRetrying: true };
const FAILED: Assessment = { kind: "failed", reasons: ["refused"] };
const UNREAD = new Error("connect ECONNREFUSED");

/** Makes one check after the other. @returns the last step */
function check(...checks: readonly (readonly [atMs: number, seen: Assessment | Error])[]) {
  let state: WaitState = FIRST_STATE;
  let step = nextStep(state, WAITING, 0, DEADLINE);
  for (const [atMs, seen] of checks) {
    step = nextStep(state, seen, atMs, DEADLINE);
    if (step.kind === "again") ({ state } = step);
  }
  return step;
}

describe("the wait for a pool", () => {
  it("ends when the pool is online, even after the deadline", () => {
    expect(check([DEADLINE + 1, { kind: "online" }])).toEqual({ kind: "online" });
  });

  it("fails at the second check that shows a failure, to give the log time", () => {
    expect(check([0, FAILED])).toMatchObject({ kind: "again", graceMs: 800 });
    expect(check([0, FAILED], [800, FAILED])).toEqual({ kind: "failed", assessment: FAILED });
    expect(check([0, FAILED], [800, WAITING])).toMatchObject({ kind: "again" });
  });

  it("fails after Swarm could not start a replica for 10 s, or later while a node prepares one", () => {
    expect(check([0, STUCK], [9_999, STUCK]).kind).toBe("again");
    expect(check([0, STUCK], [10_000, STUCK])).toEqual({ kind: "failed", assessment: STUCK });
    expect(check([0, STUCK], [10_000, TRYING]).kind).toBe("again");
    expect(check([0, STUCK], [10_000, TRYING], [10_500, STUCK]).kind).toBe("failed");
    expect(check([0, STUCK], [5_000, WAITING], [10_000, STUCK]).kind).toBe("again");
    expect(check([0, STUCK], [5_000, UNREAD], [10_000, STUCK]).kind).toBe("failed");
  });

  it("times out at the deadline with the last known reasons", () => {
    expect(check([DEADLINE - 1, WAITING]).kind).toBe("again");
    expect(check([DEADLINE, WAITING])).toEqual({ kind: "timed out", reasons: WAITING.reasons });
    const silent = { ...WAITING, silentTask: "t1" };
    expect(check([DEADLINE, silent])).toEqual({ ...silent, kind: "timed out" });
    expect(check([0, WAITING], [DEADLINE, UNREAD])).toEqual({
      kind: "timed out",
      reasons: ["0 of 1 replica online", "cannot read the service: connect ECONNREFUSED"],
    });
  });
});
