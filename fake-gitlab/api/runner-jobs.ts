import type { FastifyInstance } from "fastify";
import type { Instance } from "../state/instance";
import { JOB_STATUSES, type Job } from "../state/job";
import { roleInProject } from "../state/projects";
import type { User } from "../state/types";
import { jobEntity } from "./job-entities";
import { paginate } from "./paging";
import { oneOf, readParams, text } from "./params";
import { projectIdentity } from "./place-entities";
import { runnerOfPath } from "./runner-rights";

const REPORTER = 20;

/** GitLab's states in which a job of the fake GitLab never is. */
const OTHER_STATUSES = [
  "waiting_for_resource",
  "preparing",
  "waiting_for_callback",
  "manual",
  "scheduled",
] as const;

const params = {
  status: oneOf(...JOB_STATUSES, ...OTHER_STATUSES),
  system_id: text,
  order_by: oneOf("id"),
  sort: oneOf("asc", "desc"),
};

/**
 * `GET /runners/:id/jobs`: current and earlier jobs of a runner. It requires more rights than the
 * runner itself.
 */
export function addRunnerJobsRoute(app: FastifyInstance, instance: Instance): void {
  app.get("/runners/:id/jobs", (request, reply) => {
    const { runner, user } = runnerOfPath(instance, request, "read jobs");
    const { status, system_id, order_by, sort = "desc" } = readParams(request, params);
    const jobs = [...instance.jobs.values()].filter(
      (job) =>
        job.runnerId === runner.id &&
        (status === undefined || job.status === status) &&
        (system_id === undefined || job.systemId === system_id) &&
        maySee(instance, user, job),
    );
    // Without an order, GitLab pages by ID, oldest first; `sort` alone changes nothing.
    const descending = order_by !== undefined && sort === "desc";
    jobs.sort((a, b) => (descending ? b.id - a.id : a.id - b.id));
    const page = paginate(request, reply, jobs, { counted: false });
    return reply.send(page.map((job) => entity(instance, job)));
  });
}

function maySee(instance: Instance, user: User, job: Job): boolean {
  if (user.admin || user.auditor) return true;
  const project = instance.projects.get(job.projectId);
  return project !== undefined && roleInProject(instance, user, project) >= REPORTER;
}

function entity(instance: Instance, job: Job): Record<string, unknown> {
  const project = instance.projects.get(job.projectId);
  return {
    ...jobEntity(instance, job),
    project: project === undefined ? null : projectIdentity(project),
  };
}
