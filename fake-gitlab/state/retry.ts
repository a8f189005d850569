import { listReasonNames } from "./failure-reasons";
import type { Instance } from "./instance";
import type { Job } from "./job";

/** Reasons that are never retried automatically. */
const NEVER_RETRIED = [
  "ci_quota_exceeded",
  "no_matching_runner",
  "missing_dependency_failure",
  "forward_deployment_failure",
  "environment_creation_failure",
];

const MOST_RETRIES = 2;

/** Whether GitLab retries the failed job automatically, by the job's rule `retry: {max, when}`. */
export function mayRetry(instance: Instance, job: Job): boolean {
  const reason = job.failureReason ?? "unknown_failure";
  if (NEVER_RETRIED.includes(reason)) return false;
  const made = retriesMade(instance, job);
  const { max, when } = job.spec.retry;
  if (max === 0) return reason === "scheduler_failure" && made < MOST_RETRIES;
  const names = ["always", ...listReasonNames(reason)];
  const covered = when.length === 0 || names.some((name) => when.includes(name));
  return covered && made < Math.min(max, MOST_RETRIES);
}

function retriesMade(instance: Instance, job: Job): number {
  const before = job.retryOf === null ? undefined : instance.jobs.get(job.retryOf);
  return before === undefined ? 0 : 1 + retriesMade(instance, before);
}
