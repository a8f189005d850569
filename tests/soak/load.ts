import { setTimeout as sleep } from "node:timers/promises";
import type { Gitlab, JobView } from "../../local/gitlab";
import { eventually } from "../support/eventually";
import { tickingScript } from "../support/jobs";
import { flawIn, type JobRecord } from "./evidence";
import { planJobs } from "./plan";

/** Jobs that wait at any time: a full queue tempts replicas that are told to stop. */
const WAITING = 4;

const LOOK_MS = 200;

/** How long the last jobs may take (ms): those in the queue, on a single replica, through a fault. */
const END_TIMEOUT_MS = 120_000;

/** Keeps the queue of a GitLab full of short jobs. */
export class Load implements AsyncDisposable {
  /** Lengths (s) by the jobs' numbers. */
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
      for (let n = waiting.length; n < WAITING; n += 1) {
        const seconds = plan.next().value;
        const { id } = await this.gitlab.enqueueJob({
          name: `soak ${this.lengths.size + 1}`,
          script: tickingScript(seconds),
        });
        this.lengths.set(id, seconds);
      }
      await sleep(LOOK_MS);
    }
  }

  /** Jobs so far. */
  get count(): number {
    return this.lengths.size;
  }

  /**
   * Adds no further jobs, and waits for those that there are.
   * @param isOrphan tells a running job that nobody runs any more; it is not waited for
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
        const flaw = flawIn(await this.gitlab.trace({ id }), seconds);
        return { id, status, failureReason, systemId, startedAt, finishedAt, flaw };
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.going = false;
    await this.filling;
  }
}
