import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  describeAction,
  FIRST_REPLICAS,
  planJobs,
  planSteps,
  type Action,
  type Step,
} from "../../../soak/plan";

/** Steps after which every kind of action has certainly occurred twice. */
const TWO_BAGS = 16;

const seeds = fc.integer();

function take<T>(source: Iterator<T, never>, count: number): T[] {
  return Array.from({ length: count }, () => source.next().value);
}

function actions(seed: number, count: number): Action[] {
  return take(planSteps(seed), count).map(({ action }: Step) => action);
}

describe("the plan of a soak", () => {
  it("is the same for the same seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(take(planSteps(seed), 50)).toEqual(take(planSteps(seed), 50));
        expect(take(planJobs(seed), 50)).toEqual(take(planJobs(seed), 50));
      }),
    );
  });

  it("differs for different seeds", () => {
    const plans = [1, 2, 3, 4, 5].map((seed) => JSON.stringify(take(planSteps(seed), 20)));
    expect(new Set(plans).size).toBe(plans.length);
  });

  it("starts with a recorded sequence for seed 1", () => {
    expect(actions(1, 8).map(describeAction)).toMatchInlineSnapshot(`
      [
        "fault: response delay of 2 s on POST /jobs/request for 6 s",
        "fault: 500 on POST /jobs/request for 6 s",
        "update: change image",
        "rotate the token and delete the old runner",
        "scale to 3",
        "scale to 1",
        "kill -9 of the container",
        "fault: 429 on PUT /jobs/:id for 5 s",
      ]
    `);
  });

  it("repeats every kind of action", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const kinds = actions(seed, TWO_BAGS).map(({ kind }) => kind);
        for (const kind of ["scale", "update", "rotate", "kill", "fault"]) {
          expect(kinds.filter((other) => other === kind).length).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });

  it("always scales to a different number of replicas, from 1 to 4", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        let before = FIRST_REPLICAS;
        for (const action of actions(seed, 100)) {
          if (action.kind !== "scale") continue;
          expect([1, 2, 3, 4]).toContain(action.replicas);
          expect(action.replicas).not.toBe(before);
          before = action.replicas;
        }
      }),
    );
  });

  it("uses only faults that lose no job and end before gitlab-runner gives up", () => {
    const faults = actions(1, 1_000).flatMap((action) => (action.kind === "fault" ? [action] : []));
    expect(new Set(faults.map(({ fault }) => fault.action.kind))).toEqual(
      new Set(["status", "reset", "hang", "delay", "hold answer"]),
    );
    for (const { fault, seconds } of faults) {
      if (fault.action.kind === "status") expect([429, 500, 502]).toContain(fault.action.status);
      expect(seconds).toBeLessThanOrEqual(8);
    }
  });
});
