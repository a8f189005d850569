import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../system/clock";
import { readMetrics } from "./metrics";
import type { RunnerProcess } from "./process";

/** Signals that stop gitlab-runner, and the states that acknowledge them. */
const STATES = {
  /** Finish the jobs, then end. */
  SIGQUIT: ["graceful-shutdown", "forceful-shutdown"],
  /** Abort the jobs, then end. */
  SIGTERM: ["forceful-shutdown"],
} as const;

const POLL_MS = 20;

/** How often a signal is sent, and how long to wait for its effect each time. */
const TRIES = 3;
const TRY_TIMEOUT_MS = 1_000;

/**
 * Sends a signal to gitlab-runner until it acknowledges the signal. gitlab-runner loses a signal
 * that arrives while it handles another signal, or before it is ready. A second SIGTERM would make
 * it exit at once without reporting to GitLab, so a signal is sent again only if it was lost.
 */
export async function signalUntilAcknowledged(
  runner: RunnerProcess,
  name: keyof typeof STATES,
  metricsPort: number,
): Promise<void> {
  const acknowledged: readonly string[] = STATES[name];
  const readState = async () => (await readMetrics(metricsPort))?.state;
  let state = await readState();
  // A stop process that was killed has already sent the signal.
  if (state !== undefined && acknowledged.includes(state)) return;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    runner.signal(name);
    const deadlineMs = monotonicMs() + TRY_TIMEOUT_MS;
    while (monotonicMs() < deadlineMs && runner.isAlive()) {
      state = await readState();
      if (state !== undefined && acknowledged.includes(state)) return;
      await sleep(POLL_MS);
    }
    // Without a state, the signal may have arrived.
    if (state === undefined) return;
  }
}
