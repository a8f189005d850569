import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { monotonicMs } from "../../../../runner-image/src/system/clock";
import type { ApiResult } from "../../../../runner-image/src/gitlab/client";
import {
  classify,
  retry,
  waitAfter,
  type Outcome,
} from "../../../../runner-image/src/gitlab/retry";
import { jumpingClock } from "../../../support/jumping-clock";

function status(code: number, retryAfterMs?: number): ApiResult {
  return { kind: "status", status: code, body: {}, message: `${code}`, retryAfterMs };
}

const NO_RESPONSE: ApiResult = { kind: "no response", message: "ECONNREFUSED", sent: false };

/** Statuses of transient failures. */
const PASSING = [200, 202, 302, 303, 307, 408, 429, 500, 502, 503, 504, 599];

/** Statuses of failures that a user must fix. */
const LASTING = [301, 308, 400, 401, 403, 404, 409, 410, 422];

describe("classify", () => {
  it.each(PASSING)("retries after %i", (code) => {
    expect(classify(status(code), [201])).toBe("again");
  });

  it.each(LASTING)("treats %i as a rejection, unless the caller expects it", (code) => {
    expect(classify(status(code), [200])).toBe("refused");
    expect(classify(status(code), [code])).toBe("done");
  });

  it("retries without a response", () => {
    expect(classify(NO_RESPONSE, [200])).toBe("again");
  });
});

describe("the wait before the next attempt", () => {
  const attempt = fc.integer({ min: 1, max: 1_000 });
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  const asked = fc.option(fc.double({ noNaN: true }), { nil: undefined });

  it("is between a quarter of a second and a minute, whatever GitLab asks for", () => {
    fc.assert(
      fc.property(attempt, random, asked, (n, chance, ms) => {
        const wait = waitAfter(n, status(429, ms), chance);
        expect(wait).toBeGreaterThanOrEqual(250);
        expect(wait).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it("is as long as GitLab asks for, up to a minute", () => {
    expect(waitAfter(1, status(429, 7_000), 1)).toBe(7_000);
    expect(waitAfter(1, status(429, 3_600_000), 0)).toBe(60_000);
  });

  it("doubles from 0.5 s to 30 s, and half of it is random", () => {
    const waits = [1, 2, 3, 6, 7, 8, 1_000].map((n) => waitAfter(n, NO_RESPONSE, 1));

    expect(waits).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
    expect(waitAfter(3, NO_RESPONSE, 0)).toBe(1_000);
  });
});

describe("retry", () => {
  interface Trial {
    readonly outcome: Outcome;
    readonly waits: readonly number[];
    readonly asked: number;
  }

  /** Retries with one answer after another; the last one repeats. */
  async function trial(
    answers: readonly ApiResult[],
    { deadline, stopIn }: { readonly deadline?: number; readonly stopIn?: number } = {},
  ): Promise<Trial> {
    const waits: number[] = [];
    let asked = 0;
    const outcome = await retry({
      ask: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? NO_RESPONSE),
      done: [204],
      onWait: (_, ms) => waits.push(ms),
      signal: stopIn === undefined ? new AbortController().signal : AbortSignal.timeout(stopIn),
      ...(deadline !== undefined && { deadlineMs: monotonicMs() + deadline }),
    });
    return { outcome, waits, asked };
  }

  it("ends with an expected status", async () => {
    const { outcome, waits } = await trial([NO_RESPONSE, status(204)]);

    expect(outcome).toEqual({ verdict: "done", result: status(204) });
    expect(waits).toHaveLength(1);
  });

  it("ends at once with a rejection", async () => {
    const { outcome, asked } = await trial([status(403)]);

    expect([outcome.verdict, asked]).toEqual(["refused", 1]);
  });

  it("makes its last attempt at the deadline, however long GitLab asks to wait", async () => {
    const { outcome, waits, asked } = await trial([status(429, 60_000)], { deadline: 200 });

    expect(outcome.verdict).toBe("again");
    expect(waits[0]).toBeLessThanOrEqual(200);
    expect(asked).toBeGreaterThan(1);
  });

  it("makes one attempt even after the deadline", async () => {
    expect(await trial([status(500)], { deadline: -1 })).toMatchObject({ asked: 1, waits: [] });
  });

  it("stops waiting when its signal aborts", async () => {
    const began = Date.now();
    const { outcome, asked } = await trial([status(503, 60_000)], { stopIn: 50 });

    expect([outcome.verdict, asked]).toEqual(["stopped", 1]);
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  it.each([-7_200_000, 7_200_000])(
    "keeps its deadline when the clock is set by %i ms",
    async (jump) => {
      using clock = jumpingClock();
      const began = monotonicMs();
      const trying = trial([status(503)], { deadline: 700 });
      clock.jump(jump);

      expect((await trying).outcome.verdict).toBe("again");
      expect((await trying).asked).toBeGreaterThan(1);
      expect(monotonicMs() - began).toBeGreaterThanOrEqual(690);
      expect(monotonicMs() - began).toBeLessThan(5_000);
    },
  );
});
