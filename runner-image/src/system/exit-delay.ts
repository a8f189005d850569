import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../log";

/**
 * How long a replica that cannot start waits before it exits. Swarm restarts it a few seconds
 * later, so this limits a crash loop to one registration a minute.
 */
export const EXIT_DELAY_MS = 60_000;

/**
 * Delays the exit of a failing replica, so that its restarts do not overload GitLab. A stop signal
 * ends the delay.
 */
export async function delayExit(
  report: Report,
  signal: AbortSignal,
  askedMs = EXIT_DELAY_MS,
): Promise<void> {
  const ms = Math.min(askedMs, EXIT_DELAY_MS);
  if (signal.aborted || ms <= 0) return;
  report("warning", `exiting in ${Math.ceil(ms / 1000)} s (restart backoff)`);
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
