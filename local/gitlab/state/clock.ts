/** GitLab's time. Jumps forward on request, so that two hours or seven days can pass within a test. */
export interface Clock {
  /** GitLab's time now, epoch milliseconds. */
  now(): number;
  /** The machine's time now, epoch milliseconds: what Docker's events and logs carry. */
  wall(): number;
  /** Lets GitLab's time jump forward by so many milliseconds. */
  advance(ms: number): void;
}

/** A clock over the machine's one. @param wall epoch milliseconds */
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
