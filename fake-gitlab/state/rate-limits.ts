import type { Instance } from "./instance";

const MINUTE_MS = 60_000;

/** The number of uses in the current minute. */
export interface Count {
  readonly minute: number;
  readonly times: number;
}

/**
 * Counts one more use, by GitLab's clock and in whole minutes.
 * @param key the resource and its user, such as `notes of user 3`
 * @returns the number of uses in this minute, including this one
 */
export function countUse(instance: Instance, key: string): number {
  const minute = Math.floor(instance.clock.now() / MINUTE_MS);
  const before = instance.uses.get(key);
  const times = before?.minute === minute ? before.times + 1 : 1;
  if (before === undefined) dropOld(instance, minute);
  instance.uses.set(key, { minute, times });
  return times;
}

/** Removes old entries. Otherwise the table would grow with every job token. */
function dropOld(instance: Instance, minute: number): void {
  for (const [key, count] of instance.uses) if (count.minute < minute) instance.uses.delete(key);
}
