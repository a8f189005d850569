/**
 * Returns milliseconds by the kernel's monotonic clock. Setting the machine's clock does not affect
 * it. All processes of a replica share it, so one can use a time that another has recorded.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Returns epoch milliseconds, for timestamps that leave the replica. Durations use `monotonicMs`.
 */
export function wallClockMs(): number {
  return Date.now();
}

/** Maximum time that counts between two measurements. */
const LONGEST_STEP_MS = 2_000;

/**
 * Measures how long a polling loop has waited. If the machine was suspended between two
 * measurements, little of that time counts, because whatever the loop waits for was suspended, too.
 */
export class AwakeTime {
  private passedMs = 0;
  private lastMs = monotonicMs();

  /** Measures again. @returns milliseconds since the first measurement */
  measureMs(): number {
    const nowMs = monotonicMs();
    this.passedMs += Math.min(nowMs - this.lastMs, LONGEST_STEP_MS);
    this.lastMs = nowMs;
    return this.passedMs;
  }
}
