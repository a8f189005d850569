import { knownReason } from "./failure-reasons";
import { nextId, type Instance } from "./instance";
import { isFinal, type Job, type JobSpec, type JobStatus } from "./job";
import { canTake } from "./matching";
import { tickQueue } from "./queue";
import { mayRetry } from "./retry";

/** Creates a job and queues it, or lets it wait for the jobs that it needs. */
export function enqueueJob(
  instance: Instance,
  spec: JobSpec,
  place: { projectId: number; userId: number; pipelineId?: number; retryOf?: number },
): Job {
  const job: Job = {
    id: nextId(instance, "job"),
    projectId: place.projectId,
    pipelineId: place.pipelineId ?? nextId(instance, "pipeline"),
    userId: place.userId,
    spec,
    createdAt: instance.clock.now(),
    status: "created",
    tokenDigest: null,
    tokenExpiresAt: null,
    mayFail: spec.allowFailure === true,
    failureReason: null,
    exitCode: null,
    runnerId: null,
    managerId: null,
    systemId: null,
    timeoutSeconds: spec.timeoutSeconds,
    queuedAt: null,
    startedAt: null,
    finishedAt: null,
    touchedAt: null,
    ackDeadline: null,
    offeredTo: null,
    endReportedAt: null,
    trace: Buffer.alloc(0),
    watchedUntil: 0,
    artifacts: [],
    erasedAt: null,
    retryOf: place.retryOf ?? null,
    retriedAs: null,
  };
  instance.jobs.set(job.id, job);
  report(instance, job, null);
  queueIfReady(instance, job);
  return job;
}

/** Returns the latest retry of a job. */
export function latestTry(instance: Instance, id: number): Job | undefined {
  const job = instance.jobs.get(id);
  const next = job?.retriedAs ?? null;
  return next === null ? job : latestTry(instance, next);
}

function queueIfReady(instance: Instance, job: Job): void {
  if (job.status !== "created") return;
  const needed = job.spec.needs.map((id) => getOutcome(latestTry(instance, id)));
  if (needed.every((status) => status === "success")) {
    job.queuedAt = instance.clock.now();
    changeStatus(instance, job, "pending");
    for (const runner of instance.runners.values()) {
      if (canTake(instance, runner, job)) tickQueue(instance, runner);
    }
  } else if (needed.some((status) => isFinal(status) && status !== "success")) {
    changeStatus(instance, job, "skipped");
  }
}

/**
 * Returns the result of a job for the jobs that need it. A job that may fail counts as successful.
 */
function getOutcome(job: Job | undefined): JobStatus {
  if (job === undefined) return "failed";
  return job.status === "failed" && job.mayFail ? "success" : job.status;
}

/**
 * Assigns a pending job to a manager. With two-phase commit it stays pending, bound only to the
 * runner, until the runner confirms it.
 */
export function assignJob(
  instance: Instance,
  job: Job,
  to: { runnerId: number; managerId: number; systemId: string; tokenDigest: string },
  twoPhase: boolean,
): void {
  const now = instance.clock.now();
  const life = instance.switches.jobTokenLifeSeconds;
  const { runnerId, tokenDigest, managerId, systemId } = to;
  Object.assign(job, { runnerId, tokenDigest });
  job.tokenExpiresAt = life === null ? null : now + life * 1000;
  job.touchedAt = now;
  job.offeredTo = { managerId, systemId };
  if (twoPhase) job.ackDeadline = now + instance.switches.jobAckSeconds * 1000;
  else startJob(instance, job);
}

/** Starts a job on the manager that it was assigned to. */
export function startJob(instance: Instance, job: Job): void {
  Object.assign(job, job.offeredTo);
  job.offeredTo = null;
  job.ackDeadline = null;
  job.startedAt = instance.clock.now();
  changeStatus(instance, job, "running");
}

/** Ends a job. A job in state canceling ends as canceled, whatever its runner reports. */
export function finishJob(
  instance: Instance,
  job: Job,
  outcome: { status: "success" | "failed"; failureReason?: string; exitCode?: number },
): void {
  const canceling = job.status === "canceling";
  job.finishedAt = instance.clock.now();
  job.ackDeadline = null;
  job.exitCode = outcome.exitCode ?? null;
  if (outcome.status === "failed" && !canceling) {
    job.failureReason = knownReason(outcome.failureReason);
    const { allowFailure } = job.spec;
    if (typeof allowFailure === "object" && outcome.exitCode !== undefined) {
      job.mayFail = allowFailure.exitCodes.includes(outcome.exitCode);
    }
  }
  changeStatus(instance, job, canceling ? "canceled" : outcome.status);
  if (job.status === "failed" && mayRetry(instance, job)) retryJob(instance, job);
  settleDependents(instance, job);
}

/** Cancels a job: gracefully if its runner supports that, otherwise at once. */
export function cancelJob(instance: Instance, job: Job, force = false): void {
  const manager = instance.managers.get(job.managerId ?? -1);
  const graceful = manager?.details.features["cancel_gracefully"] === true;
  if (job.status === "running" && graceful && !force) {
    changeStatus(instance, job, "canceling");
    return;
  }
  job.finishedAt = instance.clock.now();
  job.ackDeadline = null;
  changeStatus(instance, job, "canceled");
  settleDependents(instance, job);
}

/** Creates a retry of a job: a new job of the same pipeline. */
export function retryJob(instance: Instance, job: Job, userId = job.userId): Job {
  const { projectId, pipelineId } = job;
  const next = enqueueJob(instance, job.spec, { projectId, pipelineId, userId, retryOf: job.id });
  job.retriedAs = next.id;
  return next;
}

function settleDependents(instance: Instance, job: Job): void {
  if (job.retriedAs !== null) return;
  const pipeline = [...instance.jobs.values()].filter((j) => j.pipelineId === job.pipelineId);
  for (const other of pipeline) queueIfReady(instance, other);
}

function changeStatus(instance: Instance, job: Job, to: JobStatus): void {
  const from = job.status;
  job.status = to;
  report(instance, job, from);
}

function report(instance: Instance, job: Job, from: JobStatus | null): void {
  instance.events.add({
    kind: "job",
    jobId: job.id,
    name: job.spec.name,
    from,
    to: job.status,
    failureReason: job.failureReason,
    runnerId: job.runnerId,
    systemId: job.systemId,
  });
}
