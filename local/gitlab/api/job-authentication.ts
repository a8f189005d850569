import type { FastifyRequest } from "fastify";
import { findManager, heartbeat } from "../state/managers";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { findJobByToken } from "./authenticate";
import { forbidden } from "./errors";
import { integer, readParams } from "./params";

/**
 * The job named in the path, by its own token. Needs neither the runner nor its manager, so the jobs of a deleted one finish.
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
  if (job.erased) throw forbidden("Job has been erased!");
  const running = job.status === "running" || job.status === "canceling";
  const pending = options.allowPending === true && job.status === "pending";
  if (!running && !pending) {
    throw forbidden("Job is not processing on runner", { "Job-Status": job.status });
  }
  return job;
}

/** A sign of life of the job's runner and manager, which makes neither of them anew. */
export function heartbeatOfJob(instance: Instance, job: Job): void {
  job.touchedAt = instance.clock.now();
  const runner = instance.runners.get(job.runnerId ?? -1);
  if (runner === undefined) return;
  heartbeat(instance, runner, findManager(instance, runner.id, job.systemId ?? ""));
}
