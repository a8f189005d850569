import { setTimeout as sleep } from "node:timers/promises";

export interface EventuallyOptions {
  /** What is awaited, to complete "timed out waiting for …". */
  readonly what: string;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds between two attempts. @default 100 */
  readonly intervalMs?: number;
}

/**
 * Polls until there is a value, and returns it.
 * @param attempt returns undefined, null or false while there is no value; an error counts as none
 * @throws Error that names what was awaited and the result of the last attempt
 */
export async function eventually<T>(
  attempt: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { what, timeoutMs, intervalMs = 100 }: EventuallyOptions,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await attempt();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(intervalMs);
  } while (Date.now() < deadline);
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}`, { cause: last });
}
