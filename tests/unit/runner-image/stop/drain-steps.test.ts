import { describe, expect, it } from "@jest/globals";
import {
  DRAIN_START,
  drainStep,
  type DrainEvent,
  type DrainPhase,
} from "../../../../runner-image/src/stop/drain-machine";

/**
 * The phase and command that follow each event in each phase. An event that is not listed changes
 * nothing.
 */
const STEPS: Readonly<Record<DrainPhase, Readonly<Record<string, readonly [DrainPhase, object]>>>> =
  {
    pausing: {
      paused: ["draining", { kind: "quit" }],
      force: ["aborting", { kind: "abort" }],
      ended: ["deregistering", { kind: "deregister" }],
    },
    draining: {
      force: ["aborting", { kind: "abort" }],
      ended: ["deregistering", { kind: "deregister" }],
    },
    aborting: {
      "abort timeout": ["killing", { kind: "kill" }],
      ended: ["deregistering", { kind: "deregister" }],
    },
    killing: {
      "kill timeout": ["done", { kind: "exit", as: "notDeregistered" }],
      ended: ["deregistering", { kind: "deregister" }],
    },
    deregistering: { deregistered: ["done", { kind: "exit", as: "ok" }] },
    done: {},
  };

const EVENTS: readonly DrainEvent[] = [
  { kind: "paused" },
  { kind: "force", jobs: false },
  { kind: "abort timeout" },
  { kind: "kill timeout" },
  { kind: "ended" },
  { kind: "deregistered", gone: true },
];

const PHASES = Object.keys(STEPS) as DrainPhase[];

describe("a step of a drain", () => {
  it.each(PHASES.flatMap((phase) => EVENTS.map((event) => ({ phase, event }))))(
    "is as listed for $event.kind while $phase",
    ({ phase, event }) => {
      const { state, commands } = drainStep({ phase, aborted: false }, event);
      const follows = STEPS[phase][event.kind];

      expect([state.phase, ...commands]).toEqual(follows ?? [phase]);
    },
  );

  it("begins by pausing polling, with no aborted job", () => {
    expect(DRAIN_START).toEqual({ phase: "pausing", aborted: false });
  });

  it.each([true, false])("records whether a forced stop aborted jobs: %s", (jobs) => {
    for (const phase of ["pausing", "draining"] as const) {
      const { state } = drainStep({ phase, aborted: false }, { kind: "force", jobs });
      expect(state.aborted).toBe(jobs);
    }
  });

  it("counts jobs as aborted when gitlab-runner must be killed", () => {
    const { state } = drainStep({ phase: "aborting", aborted: false }, { kind: "abort timeout" });

    expect(state.aborted).toBe(true);
  });

  it.each([
    [true, true, "aborted"],
    [true, false, "notDeregistered"],
    [false, true, "ok"],
    [false, false, "notDeregistered"],
  ])("exits, with jobs aborted: %s and deregistered: %s, as %s", (aborted, gone, as) => {
    const { commands } = drainStep(
      { phase: "deregistering", aborted },
      { kind: "deregistered", gone },
    );

    expect(commands).toEqual([{ kind: "exit", as }]);
  });
});
