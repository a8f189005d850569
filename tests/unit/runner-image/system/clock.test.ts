import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { AwakeTime, monotonicMs } from "../../../../runner-image/src/system/clock";
import { delayExit } from "../../../../runner-image/src/system/exit-delay";
import { jumpingClock } from "../../../support/jumping-clock";

const HOUR = 3_600_000;

afterEach(() => {
  jest.restoreAllMocks();
});

/** Replaces the kernel's monotonic clock. @returns a function that sets it, in milliseconds */
function monotonicClock(): (ms: number) => void {
  let now = 0;
  jest.spyOn(process.hrtime, "bigint").mockImplementation(() => BigInt(Math.round(now * 1e6)));
  return (ms) => {
    now = ms;
  };
}

describe("the clock for durations", () => {
  it.each([-HOUR, HOUR])("does not change when the machine's clock is set by %i ms", (jump) => {
    using clock = jumpingClock();
    const before = monotonicMs();
    clock.jump(jump);

    expect(monotonicMs() - before).toBeGreaterThanOrEqual(0);
    expect(monotonicMs() - before).toBeLessThan(1_000);
  });
});

describe("AwakeTime", () => {
  it("counts the time between two looks", () => {
    const set = monotonicClock();
    const waited = new AwakeTime();
    set(400);
    expect(waited.measureMs()).toBe(400);
    set(1_400);
    expect(waited.measureMs()).toBe(1_400);
  });

  it("counts little of a time in which the machine was paused", () => {
    const set = monotonicClock();
    const waited = new AwakeTime();
    set(HOUR);
    expect(waited.measureMs()).toBe(2_000);
    set(HOUR + 500);
    expect(waited.measureMs()).toBe(2_500);
  });
});

describe("the exit delay of a failing replica", () => {
  it.each([7_230_000, Infinity])(
    "is at most a minute, even if %i ms are requested",
    async (asked) => {
      const said: string[] = [];
      const stopped = new AbortController();
      await delayExit(
        (state, message) => {
          said.push(`${state}: ${message}`);
          stopped.abort();
        },
        stopped.signal,
        asked,
      );

      expect(said).toEqual(["warning: exiting in 60 s (restart backoff)"]);
    },
  );
});
