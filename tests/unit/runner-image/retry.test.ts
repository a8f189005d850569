import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Answer } from "../../../runner-image/src/gitlab-api";
import { judge, retry, waitAfter, type Outcome } from "../../../runner-image/src/retry";

function status(code: number, retryAfter?: number): Answer {
  return { kind: "status", status: code, body: {}, message: `${code}`, retryAfter };
}

const NO_ANSWER: Answer = { kind: "no answer", message: "ECONNREFUSED", sent: false };

/** Statuses that pass by themselves. */
const PASSING = [302, 303, 307, 408, 429, 500, 502, 503, 504, 599];

/** Those that a person has to do something about. */
const LASTING = [301, 308, 400, 401, 403, 404, 409, 410, 422];

describe("judge", () => {
  it.each(PASSING)("tries again after %i", (code) => {
    expect(judge(status(code), [200])).toBe("again");
  });

  it.each(LASTING)("takes %i for a refusal, unless it is what was hoped for", (code) => {
    expect(judge(status(code), [200])).toBe("refused");
    expect(judge(status(code), [code])).toBe("done");
  });

  it("tries again where no answer came", () => {
    expect(judge(NO_ANSWER, [200])).toBe("again");
  });
});

describe("the wait until the next try", () => {
  const attempt = fc.integer({ min: 1, max: 1_000 });
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  const asked = fc.option(fc.double({ noNaN: true }), { nil: undefined });

  it("is from a quarter of a second to a minute, whatever GitLab asks", () => {
    fc.assert(
      fc.property(attempt, random, asked, (n, chance, ms) => {
        const wait = waitAfter(n, status(429, ms), chance);
        expect(wait).toBeGreaterThanOrEqual(250);
        expect(wait).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it("is as long as GitLab asks, up to a minute", () => {
    expect(waitAfter(1, status(429, 7_000), 1)).toBe(7_000);
    expect(waitAfter(1, status(429, 3_600_000), 0)).toBe(60_000);
  });

  it("doubles from 0.5 s to 30 s, and half of it is chance", () => {
    const waits = [1, 2, 3, 6, 7, 8, 1_000].map((n) => waitAfter(n, NO_ANSWER, 1));

    expect(waits).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
    expect(waitAfter(3, NO_ANSWER, 0)).toBe(1_000);
  });
});

describe("retry", () => {
  interface Trial {
    readonly outcome: Outcome;
    readonly waits: readonly number[];
    readonly asked: number;
  }

  /** Asks with answers one after the other, the last again and again. */
  async function trial(
    answers: readonly Answer[],
    { deadline, stopIn }: { readonly deadline?: number; readonly stopIn?: number } = {},
  ): Promise<Trial> {
    const waits: number[] = [];
    let asked = 0;
    const outcome = await retry({
      ask: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? NO_ANSWER),
      done: [204],
      onWait: (_, ms) => waits.push(ms),
      signal: stopIn === undefined ? new AbortController().signal : AbortSignal.timeout(stopIn),
      ...(deadline !== undefined && { deadline: Date.now() + deadline }),
    });
    return { outcome, waits, asked };
  }

  it("ends with what was hoped for", async () => {
    const { outcome, waits } = await trial([NO_ANSWER, status(204)]);

    expect(outcome).toEqual({ verdict: "done", answer: status(204) });
    expect(waits).toHaveLength(1);
  });

  it("ends at once with a refusal", async () => {
    const { outcome, asked } = await trial([status(403)]);

    expect([outcome.verdict, asked]).toEqual(["refused", 1]);
  });

  it("asks a last time at its deadline, however long GitLab asks to wait", async () => {
    const { outcome, waits, asked } = await trial([status(429, 60_000)], { deadline: 200 });

    expect(outcome.verdict).toBe("again");
    expect(waits[0]).toBeLessThanOrEqual(200);
    expect(asked).toBeGreaterThan(1);
  });

  it("asks once even after its deadline", async () => {
    expect(await trial([status(500)], { deadline: -1 })).toMatchObject({ asked: 1, waits: [] });
  });

  it("waits no longer once it is told to stop", async () => {
    const began = Date.now();
    const { outcome, asked } = await trial([status(503, 60_000)], { stopIn: 50 });

    expect([outcome.verdict, asked]).toEqual(["stopped", 1]);
    expect(Date.now() - began).toBeLessThan(2_000);
  });
});
