import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { isFinal, JOB_STATUSES, type Job } from "../state/job";
import { cancelJob, retryJob } from "../state/jobs";
import { watchTrace } from "../state/trace";
import type { User } from "../state/types";
import { sendArchive } from "./artifacts";
import { forbidden, notFound, paramError } from "./errors";
import { jobEntity } from "./job-entities";
import { paginate } from "./paging";
import { boolean, integer, rawParams, readParams } from "./params";
import { projectOfPath } from "./places";

const DEVELOPER = 30;

/** The jobs of a project, for users. */
export function addProjectJobRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/projects/:id/jobs", (request, reply) => {
    const { project } = projectOfPath(instance, request);
    const scopes = readScopes(request);
    const jobs = [...instance.jobs.values()]
      .filter((job) => job.projectId === project.id && job.retriedAs === null)
      .filter((job) => scopes.length === 0 || scopes.includes(job.status))
      .sort((a, b) => b.id - a.id);
    const page = paginate(request, reply, jobs);
    return reply.send(page.map((job) => jobEntity(instance, job)));
  });

  app.get("/projects/:id/jobs/:job_id", (request, reply) => {
    const { job } = jobOfPath(instance, request, "read");
    return reply.send(jobEntity(instance, job));
  });

  app.get("/projects/:id/jobs/:job_id/trace", (request, reply) => {
    const { job } = jobOfPath(instance, request, "read");
    watchTrace(instance, job);
    return reply.type("text/plain").send(job.trace);
  });

  app.get("/projects/:id/jobs/:job_id/artifacts", (request, reply) =>
    sendArchive(reply, jobOfPath(instance, request, "read").job),
  );

  app.post("/projects/:id/jobs/:job_id/cancel", (request, reply) => {
    const { job } = jobOfPath(instance, request, "update");
    const { force } = readParams(request, { force: boolean });
    if (!isFinal(job.status)) cancelJob(instance, job, force);
    return reply.code(201).send(jobEntity(instance, job));
  });

  app.post("/projects/:id/jobs/:job_id/erase", (request, reply) => {
    const { job } = jobOfPath(instance, request, "update");
    if (!isFinal(job.status)) throw forbidden("Job is not erasable!");
    job.trace = Buffer.alloc(0);
    job.artifacts = [];
    job.erasedAt = instance.clock.now();
    return reply.code(201).send(jobEntity(instance, job));
  });

  app.post("/projects/:id/jobs/:job_id/retry", (request, reply) => {
    const { job, user } = jobOfPath(instance, request, "update");
    const retryable = ["success", "failed", "canceled"].includes(job.status);
    if (!retryable || job.retriedAs !== null) throw forbidden("Job is not retryable");
    return reply.code(201).send(jobEntity(instance, retryJob(instance, job, user.id)));
  });
}

function jobOfPath(
  instance: Instance,
  request: FastifyRequest,
  right: "read" | "update",
): { job: Job; user: User } {
  const update = right === "update";
  const scopes = update ? [] : ["read_api"];
  const level = update ? DEVELOPER : undefined;
  const { project, user } = projectOfPath(instance, request, level, scopes);
  const { job_id } = readParams(request, { job_id: integer }, ["job_id"]);
  const job = instance.jobs.get(job_id);
  if (job?.projectId !== project.id) throw notFound("Job");
  return { job, user };
}

/** `scope=running` or `scope[]=running&scope[]=pending`. */
function readScopes(request: FastifyRequest): readonly string[] {
  const raw = rawParams(request)["scope"];
  const scopes = raw === undefined ? [] : [raw].flat();
  const known: readonly unknown[] = JOB_STATUSES;
  if (scopes.some((scope) => !known.includes(scope))) {
    throw paramError("scope does not have a valid value");
  }
  return scopes.map(String);
}
