/** Statuses below 500 that mean "try again later". */
const NOT_NOW = [408, 425, 429];

/** Whether a status is temporary, so that the same request is worth a retry. */
export function isTransient(status: number): boolean {
  return NOT_NOW.includes(status) || status >= 500;
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

export interface BackOff {
  /** The longest wait after the first attempt. */
  readonly firstMs: number;
  /** The longest wait after any attempt, unless the server asks for more. */
  readonly longestMs: number;
  /** The longest wait that the server can ask for. @default no limit */
  readonly longestAskedMs?: number;
}

/**
 * Computes the milliseconds until the next attempt. The wait doubles with each attempt. Half of it
 * is random, which keeps clients that failed together from retrying together. The server may ask
 * for more.
 * @param attempt number of the failed attempt, from 1
 * @param askedMs the wait that `Retry-After` asks for
 * @param random a number from 0 to 1
 */
export function backOffMs(
  { firstMs, longestMs, longestAskedMs = Infinity }: BackOff,
  attempt: number,
  askedMs: number | undefined,
  random: number,
): number {
  const ownMs = Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (0.5 + random / 2);
  return Math.round(Math.max(ownMs, Math.min(askedMs ?? 0, longestAskedMs)));
}
