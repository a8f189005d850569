import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./gitlab-api";

/** What an answer means for the one who asked. */
export type Verdict = "done" | "again" | "refused";

/** Redirects that a server does not mean to take back. */
const PERMANENT_REDIRECTS = [301, 308];

/**
 * Judges an answer: what passes by itself is tried again, what a person has to change is not. GitLab answers 403 for an
 * unknown token, 410 where registration is off, 422 for an orphaned runner, 400 for settings that it does not take.
 */
export function judge(answer: Answer, done: readonly number[]): Verdict {
  if (answer.kind === "no answer") return "again";
  const { status } = answer;
  if (done.includes(status)) return "done";
  const passing =
    status === 408 ||
    status === 429 ||
    status >= 500 ||
    (isRedirect(status) && !PERMANENT_REDIRECTS.includes(status));
  return passing ? "again" : "refused";
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const LONGEST_ASKED_WAIT = 60_000;

/**
 * Time until the next try (ms): doubling from 0.5 s to 30 s with jitter, or what GitLab asks for, at most a minute.
 * @param attempt number of the try that failed, from 1
 * @param random a number from 0 to 1
 */
export function waitAfter(attempt: number, answer: Answer, random: number): number {
  const backoff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (0.5 + random / 2);
  const asked = answer.kind === "status" ? (answer.retryAfter ?? 0) : 0;
  return Math.round(Math.max(backoff, Math.min(asked, LONGEST_ASKED_WAIT)));
}

export interface Retrying {
  readonly ask: () => Promise<Answer>;
  /** Statuses that mean success. */
  readonly done: readonly number[];
  /** Told before each wait. */
  readonly onWait: (answer: Answer, ms: number) => void;
  /** Ends the waiting; a try that is under way goes on. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which no further try is begun. @default none */
  readonly deadline?: number;
}

export interface Outcome {
  readonly verdict: Verdict | "stopped";
  readonly answer: Answer;
}

/** Asks until there is a verdict, the deadline would pass, or the signal stops it. */
export async function retry(options: Retrying): Promise<Outcome> {
  const { ask, done, onWait, signal, deadline = Infinity } = options;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    const verdict = judge(answer, done);
    if (verdict !== "again") return { verdict, answer };
    if (isAborted(signal)) return { verdict: "stopped", answer };
    const wait = waitAfter(attempt, answer, Math.random());
    const left = deadline - Date.now();
    if (left <= 0) return { verdict: "again", answer };
    // The last try comes at the deadline, however long GitLab asks to wait.
    const ms = Math.min(wait, left);
    onWait(answer, ms);
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (isAborted(signal)) return { verdict: "stopped", answer };
  }
}

/** A signal may be aborted while something is awaited, which the compiler does not know. */
export function isAborted({ aborted }: AbortSignal): boolean {
  return aborted;
}

/** A signal that follows another after some time (ms). */
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
