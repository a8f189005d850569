/**
 * A clock of this process that a test can set. Timers and the kernel's monotonic clock keep running
 * normally.
 */
export interface JumpingClock extends Disposable {
  /** Moves the clock forwards or backwards. */
  jump(ms: number): void;
}

/** Replaces `Date.now` until it is disposed of. */
export function jumpingClock(): JumpingClock {
  const real = Date.now.bind(Date);
  let offset = 0;
  Date.now = () => real() + offset;
  return {
    jump(ms) {
      offset += ms;
    },
    [Symbol.dispose]() {
      Date.now = real;
    },
  };
}
