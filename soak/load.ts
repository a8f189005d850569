import { setTimeout as sleep } from "node:timers/promises";
import type { Gitlab, JobView } from "../fake-gitlab";
import { eventually } from "../tests/support/eventually";
import { tickingScript } from "../tests/support/jobs";
import { findLogGap, type JobRecord } from "./evidence";
import { planJobs } from "./plan";

/**
 * Number of jobs to keep in the queue: a stopping replica that still polled would take one of them.
 */
const QUEUED = 4;

const POLL_MS = 200;

/** How long the last jobs may take: a whole queue, on a single replica, during a fault. */
const END_TIMEOUT_MS = 120_000;

/** Keeps the queue of a GitLab filled with short jobs. */
export class Load implements AsyncDisposable {
  /** Job lengths in seconds, by job ID. */
  private readonly lengths = new Map<number, number>();
  private going = true;
  private readonly filling: Promise<void>;

  constructor(
    private readonly gitlab: Gitlab,
    seed: number,
  ) {
    this.filling = this.fill(planJobs(seed));
  }

  private async fill(plan: Generator<number, never>): Promise<void> {
    while (this.going) {
      const waiting = await this.gitlab.jobs({ status: "pending" });
      for (let n = waiting.length; n < QUEUED; n += 1) {
        const seconds = plan.next().value;
        const { id } = await this.gitlab.enqueueJob({
          name: `soak ${this.lengths.size + 1}`,
          script: tickingScript(seconds),
        });
        this.lengths.set(id, seconds);
      }
      await sleep(POLL_MS);
    }
  }

  /** Number of jobs so far. */
  get count(): number {
    return this.lengths.size;
  }

  /**
   * Stops adding jobs and waits for the existing ones.
   * @param isOrphan whether the replica of a running job is gone; `end` does not wait for that job
   */
  async end(isOrphan: (job: JobView) => boolean): Promise<void> {
    this.going = false;
    await this.filling;
    const isOpen = (job: JobView): boolean =>
      job.status === "pending" || (job.status === "running" && !isOrphan(job));
    await eventually(async () => !(await this.gitlab.jobs({})).some(isOpen), {
      what: "the last jobs to end",
      timeoutMs: END_TIMEOUT_MS,
    });
  }

  async records(): Promise<JobRecord[]> {
    return Promise.all(
      [...this.lengths].map(async ([id, seconds]) => {
        const { status, failureReason, systemId, startedAt, finishedAt } = await this.gitlab.job({
          id,
        });
        const logGap = findLogGap(await this.gitlab.trace({ id }), seconds);
        return { id, status, failureReason, systemId, startedAt, finishedAt, logGap };
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.going = false;
    await this.filling;
  }
}
