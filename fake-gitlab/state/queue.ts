import { randomBytes } from "node:crypto";
import type { Instance } from "./instance";
import type { Runner } from "./types";

const QUEUE_VALUE_LIFE = 3_600_000;

/**
 * Returns or creates the runner's queue value. A runner sends it back as `last_update`. While it
 * stays the same, there is nothing new for the runner, and GitLab does not search for a job.
 */
export function ensureQueueValue(instance: Instance, runner: Runner): string {
  const current = currentQueueValue(instance, runner);
  if (current !== undefined) return current;
  return setQueueValue(instance, runner);
}

/** Returns the queue value if it has not expired. */
export function currentQueueValue(instance: Instance, runner: Runner): string | undefined {
  const held = runner.queueValue;
  return held !== null && held.expiresAt > instance.clock.now() ? held.value : undefined;
}

/** Gives the runner a new queue value and wakes its long polls. */
export function tickQueue(instance: Instance, runner: Runner): void {
  setQueueValue(instance, runner);
  for (const waiter of instance.queueWaiters) if (waiter.runnerId === runner.id) waiter.wake();
}

function setQueueValue(instance: Instance, runner: Runner): string {
  const value = randomBytes(16).toString("hex");
  runner.queueValue = { value, expiresAt: instance.clock.now() + QUEUE_VALUE_LIFE };
  return value;
}

export type HoldEnd = "changed" | "timeout" | "gone";

/**
 * Holds a long poll until the runner's queue changes, the time is over or the client disconnects.
 * @param gone aborted when the client closes the connection
 */
export function holdPoll(
  instance: Instance,
  runner: Runner,
  ms: number,
  gone: AbortSignal,
): Promise<HoldEnd> {
  return new Promise((resolve) => {
    const end = (why: HoldEnd): void => {
      clearTimeout(timer);
      instance.queueWaiters.delete(waiter);
      gone.removeEventListener("abort", leave);
      instance.stopping.signal.removeEventListener("abort", leave);
      resolve(why);
    };
    const leave = (): void => {
      end("gone");
    };
    const waiter = {
      runnerId: runner.id,
      wake: () => {
        end("changed");
      },
    };
    const timer = setTimeout(() => {
      end("timeout");
    }, ms);
    instance.queueWaiters.add(waiter);
    gone.addEventListener("abort", leave);
    instance.stopping.signal.addEventListener("abort", leave);
    if (gone.aborted || instance.stopping.signal.aborted) leave();
  });
}
