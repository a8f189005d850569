import { setTimeout as sleep } from "node:timers/promises";

export interface EventuallyOptions {
  /** What is waited for, as the end of "timed out waiting for …". */
  readonly what: string;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds between two looks. @default 100 */
  readonly intervalMs?: number;
}

/**
 * Looks again and again until a value is there, and returns it.
 * @param look returns undefined, null or false while it is not there yet; an error counts as not yet
 * @throws Error that says what was waited for and what the last look gave
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { what, timeoutMs, intervalMs = 100 }: EventuallyOptions,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await look();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(intervalMs);
  } while (Date.now() < deadline);
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}`, { cause: last });
}
