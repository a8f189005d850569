import { describe, expect, it } from "@jest/globals";
import { lint } from "../lint";

const CODE = `
export const ANSWER_TIMEOUT = 10_000;
export const ANSWER_TIMEOUT_MS = 10_000;
export const TIMEOUTS = 2;
export const TIMEOUT = "10s";
export interface Times {
  readonly deadline: number;
  readonly expiresAt?: number | undefined;
  readonly createdAt: string;
  readonly drainTimeout: number;
  readonly silence: number;
  readonly graceSeconds: number;
  readonly StopGracePeriod: number;
}
export class Clock {
  elapsed = 0;
  constructor(private readonly interval: number) {}
  left(since: number, { patience }: { patience: 5 | 10 }, stage: number): number {
    const [pause, message] = [this.interval, "wait"];
    return since + patience + stage + pause + message.length;
  }
}
`;

const FILE = "contract/some-file.ts";

describe("the lint rule for names of times", () => {
  it("rejects each number that is a time and whose name has no unit, and nothing else", async () => {
    const messages = (await lint("times/unit", { [FILE]: CODE }))[FILE] ?? [];
    const names = messages.map(({ message }) => /^`(.*)` is a time/.exec(message)?.[1]);
    expect(names.sort()).toEqual([
      ...["ANSWER_TIMEOUT", "deadline", "elapsed", "expiresAt", "interval"],
      ...["patience", "patience", "pause", "since"],
    ]);
  }, 60_000);
});
