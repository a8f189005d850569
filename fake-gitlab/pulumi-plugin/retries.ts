import { setTimeout as sleep } from "node:timers/promises";

/** The official plugin's default number of retries. */
export const DEFAULT_RETRIES = 10;

// The fake plugin imitates the official one, so it does not share the product's retry policy.

/**
 * Delays of the official plugin's client. Ten of them, each longer than the previous one, add up to
 * about 43 s.
 */
const SHORTEST_MS = 400;
const LONGEST_MS = 1_160;

/** The result of an attempt: a response, or the error that causes a retry. */
export type Try<T> = { readonly answer: T } | { readonly again: Error };

/**
 * Retries until there is a response.
 * @param retries maximum number of retries
 * @param wait waits before the nth retry
 * @throws the last error
 */
export async function withRetries<T>(
  attempt: () => Promise<Try<T>>,
  retries: number,
  wait: (n: number) => Promise<void> = linearWait,
): Promise<T> {
  for (let n = 1; ; n += 1) {
    const result = await attempt();
    if ("answer" in result) return result.answer;
    if (n > retries) throw result.again;
    await wait(n);
  }
}

async function linearWait(n: number): Promise<void> {
  await sleep(n * (SHORTEST_MS + Math.random() * (LONGEST_MS - SHORTEST_MS)));
}
