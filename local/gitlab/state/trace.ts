import type { Instance } from "./instance";
import type { Job } from "./job";

const WATCH_MS = 60_000;

/** Appends to a job's log. @returns false if `start` is not the log's end: the client is told the real size */
export function appendTrace(job: Job, start: number, data: Buffer): boolean {
  if (start !== job.trace.length) return false;
  job.trace = Buffer.concat([job.trace, data]);
  return true;
}

/** Notes that somebody looks at the log: for a minute its runner is asked for it every 3 s. */
export function watchTrace(instance: Instance, job: Job): void {
  job.watchedUntil = instance.clock.now() + WATCH_MS;
}

/** How often the runner shall send the log, seconds. */
export function traceInterval(instance: Instance, job: Job): number {
  const watched = job.watchedUntil > instance.clock.now();
  return instance.switches.traceIntervalSeconds ?? (watched ? 3 : 60);
}
