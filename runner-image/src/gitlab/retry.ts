import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../system/clock";
import { backOffMs, isRedirect, isTransient } from "../../../gitlab-api/retry-policy";
import type { ApiResult } from "./client";

/** What a response means for the caller. */
export type Verdict = "done" | "again" | "refused";

/** Redirects that a server intends to keep. */
const PERMANENT_REDIRECTS = [301, 308];

/**
 * Classifies a response: transient failures are retried, failures that a user must fix are not.
 * GitLab answers 403 for an unknown token, 410 if registration is disabled, 422 for an orphaned
 * runner, 400 for settings that it does not accept.
 */
export function classify(result: ApiResult, done: readonly number[]): Verdict {
  if (result.kind === "no response") return "again";
  const { status } = result;
  if (done.includes(status)) return "done";
  const passing =
    // GitLab documents one success status. Any other success comes from something in between.
    status < 300 ||
    isTransient(status) ||
    // For example a redirect to a sign-in page while GitLab is under maintenance.
    (isRedirect(status) && !PERMANENT_REDIRECTS.includes(status));
  return passing ? "again" : "refused";
}

const BACK_OFF = { firstMs: 500, longestMs: 30_000, longestAskedMs: 60_000 };

/**
 * Returns how long to wait before the next attempt (ms): 0.5 s to 30 s, or what GitLab asks for, at
 * most a minute.
 * @param attempt number of the failed attempt, from 1
 * @param random a number from 0 to 1
 */
export function waitAfter(attempt: number, result: ApiResult | undefined, random: number): number {
  const askedMs = result?.kind === "status" ? result.retryAfterMs : undefined;
  return backOffMs(BACK_OFF, attempt, askedMs, random);
}

export interface Retrying {
  readonly ask: () => Promise<ApiResult>;
  /** Statuses that mean success. */
  readonly done: readonly number[];
  /** Called before each wait. */
  readonly onWait: (result: ApiResult, ms: number) => void;
  /** Ends the retries. An attempt in progress continues. */
  readonly signal: AbortSignal;
  /** The last attempt begins before it, by `monotonicMs`. @default none */
  readonly deadlineMs?: number;
}

export interface Outcome {
  readonly verdict: Verdict | "stopped";
  readonly result: ApiResult;
}

/** Repeats a request until there is a verdict, the deadline passes, or the signal stops it. */
export async function retry(options: Retrying): Promise<Outcome> {
  const { ask, done, onWait, signal, deadlineMs = Infinity } = options;
  for (let attempt = 1; ; attempt += 1) {
    const result = await ask();
    const verdict = classify(result, done);
    if (verdict !== "again") return { verdict, result };
    if (isAborted(signal)) return { verdict: "stopped", result };
    const waitMs = waitAfter(attempt, result, Math.random());
    const leftMs = deadlineMs - monotonicMs();
    if (leftMs <= 0) return { verdict: "again", result };
    // The last attempt is at the deadline, however long GitLab asks to wait.
    const ms = Math.min(waitMs, leftMs);
    onWait(result, ms);
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (isAborted(signal)) return { verdict: "stopped", result };
  }
}

/** Whether a signal is aborted. The compiler does not know that this can change during an await. */
export function isAborted({ aborted }: AbortSignal): boolean {
  return aborted;
}

/** Returns a signal that aborts some time (ms) after another signal. */
export function followLater(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  const follow = () => {
    setTimeout(() => {
      later.abort();
    }, ms).unref();
  };
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  return later.signal;
}
