import { GITLAB_VERSION } from "../api/version";
import {
  viewJob,
  viewManager,
  viewRunner,
  type JobView,
  type ManagerView,
  type RunnerView,
} from "../control/views";
import type { Instance } from "../state/instance";
import type { JobStatus } from "../state/job";

/** The data of the page. */
export interface PageView {
  readonly url: string;
  readonly version: string;
  readonly now: number;
  readonly runners: readonly RunnerView[];
  readonly managers: readonly ManagerView[];
  /** The newest jobs, newest first. */
  readonly jobs: readonly JobView[];
  readonly olderJobs: number;
  readonly counts: Readonly<Record<"running" | "waiting" | "success" | "failed", number>>;
}

const MOST_JOBS = 100;

export function viewPage(instance: Instance): PageView {
  const jobs = [...instance.jobs.values()].reverse();
  const count = (...statuses: JobStatus[]): number =>
    jobs.filter(({ status }) => statuses.includes(status)).length;
  return {
    url: instance.externalUrl,
    version: GITLAB_VERSION,
    now: instance.clock.now(),
    runners: [...instance.runners.values()].map((runner) => viewRunner(instance, runner)),
    managers: [...instance.managers.values()].map((manager) => viewManager(instance, manager)),
    jobs: jobs.slice(0, MOST_JOBS).map((job) => viewJob(instance, job)),
    olderJobs: Math.max(0, jobs.length - MOST_JOBS),
    counts: {
      running: count("running", "canceling"),
      waiting: count("created", "pending"),
      success: count("success"),
      failed: count("failed"),
    },
  };
}
