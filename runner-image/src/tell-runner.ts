import { setTimeout as sleep } from "node:timers/promises";
import { readMetrics } from "./metrics";
import type { RunnerProcess } from "./runner-process";

/** Signals that stop gitlab-runner, and the state in which it has heard of them. */
const STATES = {
  /** Finish the jobs, then end. */
  SIGQUIT: ["graceful-shutdown", "forceful-shutdown"],
  /** Abort the jobs, then end. */
  SIGTERM: ["forceful-shutdown"],
} as const;

const POLL_MS = 20;

/** How often a signal is sent, and how long its effect is waited for each time (ms). */
const TRIES = 3;
const TRY_TIMEOUT = 1_000;

/**
 * Sends a signal to gitlab-runner until it has heard of it: it loses one that comes while it looks at another, or before it
 * is ready. A second SIGTERM would make it end at once without telling GitLab, so it is sent again only if it was lost.
 */
export async function tellRunner(
  runner: RunnerProcess,
  name: keyof typeof STATES,
  metricsPort: number,
): Promise<void> {
  const heard: readonly string[] = STATES[name];
  const readState = async () => (await readMetrics(metricsPort))?.state;
  let state = await readState();
  // By a `stop` that was killed.
  if (state !== undefined && heard.includes(state)) return;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    runner.signal(name);
    const deadline = Date.now() + TRY_TIMEOUT;
    while (Date.now() < deadline && runner.isAlive()) {
      state = await readState();
      if (state !== undefined && heard.includes(state)) return;
      await sleep(POLL_MS);
    }
    // One that does not tell its state may have heard.
    if (state === undefined) return;
  }
}
