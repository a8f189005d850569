import { isFinal, type JobStatus } from "../state/job";
import type { GitlabEvent } from "../state/events";
import type { ControlCalls } from "./controls";
import type { JobView } from "./views";

export interface WaitForEvent {
  readonly timeoutMs: number;
  /** What to wait for, as the error will name it. */
  readonly what: string;
  /**
   * Only events after this number.
   * @default 0: past events count, too
   */
  readonly after?: number;
}

export interface WaitForJob {
  readonly id: number;
  readonly timeoutMs: number;
  /** @default any final state */
  readonly until?: readonly JobStatus[];
  /**
   * Follow automatic retries and wait for the last one.
   * @default false
   */
  readonly followRetries?: boolean;
}

export interface WaitingControls {
  /**
   * Waits for the first event that the predicate accepts. A type guard narrows its type.
   * @throws {Error} after `timeoutMs`, with what was waited for and the last event
   */
  waitForEvent<T extends GitlabEvent>(
    predicate: (event: GitlabEvent) => event is T,
    options: WaitForEvent,
  ): Promise<T>;
  waitForEvent(
    predicate: (event: GitlabEvent) => boolean,
    options: WaitForEvent,
  ): Promise<GitlabEvent>;
  /**
   * Waits for a job to reach a state.
   * @throws {Error} after `timeoutMs`, with the job's state and the end of its log
   */
  waitForJob(options: WaitForJob): Promise<JobView>;
}

/** Waits that are built from the controls, so they also work over HTTP. */
export function waitingControls(calls: ControlCalls): WaitingControls {
  const waitForEvent = async (
    predicate: (event: GitlabEvent) => boolean,
    { timeoutMs, what, after = 0 }: WaitForEvent,
  ): Promise<GitlabEvent> => {
    const deadline = performance.now() + timeoutMs;
    let seen = after;
    let newest: GitlabEvent | undefined;
    for (;;) {
      const left = Math.max(0, Math.ceil(deadline - performance.now()));
      const { events, last } = await calls.events({ after: seen, waitMs: Math.min(left, 20_000) });
      const found = events.find(predicate);
      if (found !== undefined) return found;
      newest = events.at(-1) ?? newest;
      seen = last;
      if (left === 0) throw new Error(timeoutText(what, timeoutMs, newest));
    }
  };
  return {
    waitForEvent,
    waitForJob: (options) => waitForJob(calls, options),
  };
}

function timeoutText(what: string, timeoutMs: number, newest: GitlabEvent | undefined): string {
  const last = newest === undefined ? "none" : JSON.stringify(newest);
  return `waited ${timeoutMs} ms for ${what}; last event: ${last}`;
}

async function waitForJob(calls: ControlCalls, options: WaitForJob): Promise<JobView> {
  const deadline = performance.now() + options.timeoutMs;
  let { id } = options;
  for (;;) {
    // Read before the job, so that no change in between is missed.
    const { last } = await calls.events({ after: Number.MAX_SAFE_INTEGER });
    const job = await calls.job({ id });
    if (options.followRetries === true && job.retriedAs !== null) {
      id = job.retriedAs;
      continue;
    }
    if (options.until?.includes(job.status) ?? isFinal(job.status)) return job;
    const left = Math.max(0, Math.ceil(deadline - performance.now()));
    if (left === 0) {
      const log = (await calls.trace({ id })).slice(-2000);
      const target = (options.until ?? ["its end"]).join(" or ");
      throw new Error(
        `waited ${options.timeoutMs} ms for job ${id} (${job.name}) to reach ${target}; it is ${job.status}, log:\n${log}`,
      );
    }
    await calls.events({ after: last, waitMs: Math.min(left, 20_000) });
  }
}
