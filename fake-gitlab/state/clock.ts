/** GitLab's time. A test can move it forward, so that two hours or seven days pass at once. */
export interface Clock {
  /** GitLab's current time in epoch milliseconds. */
  now(): number;
  /** The machine's current time in epoch milliseconds, as in Docker's events and logs. */
  wall(): number;
  /** Moves GitLab's time forward by `ms` milliseconds. */
  advance(ms: number): void;
}

/**
 * Creates a clock on top of the machine's clock.
 * @param wall returns the machine's time in epoch milliseconds
 */
export function createClock(wall: () => number = Date.now): Clock {
  let shift = 0;
  return {
    now: () => wall() + shift,
    wall,
    advance: (ms) => {
      shift += ms;
    },
  };
}

/** Formats a time as GitLab's API does: `2026-11-24T09:00:00.000Z`; null stays null. */
export function isoTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
