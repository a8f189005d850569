import type { Instance } from "./instance";
import type { Job } from "./job";

const WATCH_MS = 60_000;

/**
 * Appends to a job's log.
 * @returns true if the log now ends where the chunk ends, even if it was the last chunk again;
 * otherwise the client must receive the size
 */
export function appendTrace(job: Job, start: number, data: Buffer): boolean {
  if (start === job.trace.length) job.trace = Buffer.concat([job.trace, data]);
  return job.trace.length === start + data.length;
}

/** Records that somebody watches the log. For a minute, its runner sends it every 3 s. */
export function watchTrace(instance: Instance, job: Job): void {
  job.watchedUntil = instance.clock.now() + WATCH_MS;
}

/** How often the runner should send the log, in seconds. */
export function traceInterval(instance: Instance, job: Job): number {
  const watched = job.watchedUntil > instance.clock.now();
  return instance.switches.traceIntervalSeconds ?? (watched ? 3 : 60);
}
