import type { FastifyRequest } from "fastify";
import { findManager, heartbeat } from "../state/managers";
import type { Instance } from "../state/instance";
import { isFinal, type Job } from "../state/job";
import { finishJob } from "../state/jobs";
import { findJobByToken } from "./authenticate";
import { forbidden } from "./errors";
import { integer, readParams } from "./params";

/**
 * Finds the job in the path by its own token. Needs neither the runner nor its manager, so jobs of
 * a deleted runner can finish.
 * @throws {ApiError} 403, with `Job-Status` if the job is known but not running
 */
export function authenticateJob(
  instance: Instance,
  request: FastifyRequest,
  options: { allowPending?: boolean } = {},
): Job {
  const { id } = readParams(request, { id: integer }, ["id"]);
  const job = findJobByToken(instance, request);
  if (job?.id !== id) throw forbidden();
  if (!instance.projects.has(job.projectId)) throw forbidden("Project has been deleted!");
  if (job.erasedAt !== null) throw forbidden("Job has been erased!");
  if (job.tokenExpiresAt !== null && job.tokenExpiresAt <= instance.clock.now()) {
    if (!isFinal(job.status)) {
      finishJob(instance, job, { status: "failed", failureReason: "job_token_expired" });
    }
    throw forbidden("Job token has expired");
  }
  const running = job.status === "running" || job.status === "canceling";
  const pending = options.allowPending === true && job.status === "pending";
  if (!running && !pending) {
    throw forbidden("Job is not processing on runner", { "Job-Status": job.status });
  }
  return job;
}

/**
 * Records a contact of the job's runner and manager. Does not create them again if they were
 * deleted.
 */
export function heartbeatOfJob(instance: Instance, job: Job): void {
  job.touchedAt = instance.clock.now();
  const runner = instance.runners.get(job.runnerId ?? -1);
  if (runner === undefined) return;
  heartbeat(instance, runner, findManager(instance, runner.id, job.systemId ?? ""));
}
