import { setTimeout as sleep } from "node:timers/promises";
import type { Say } from "./log";

/**
 * How long a replica that cannot start waits before it ends (ms). Swarm starts it again a few seconds later, so this
 * keeps a crash loop at one registration a minute.
 */
export const HOLD_MS = 60_000;

/** Waits before a failing replica ends, so that its restarts do not press on GitLab. A stop ends the wait. */
export async function hold(say: Say, signal: AbortSignal, ms = HOLD_MS): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  say(
    "warning",
    `this replica ends in ${Math.ceil(ms / 1000)} s, so that restarts do not press on GitLab`,
  );
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
