import type { Instance } from "../state/instance";
import { isFinal, type Job } from "../state/job";
import { cancelJob, enqueueJob, retryJob } from "../state/jobs";
import { plainLog } from "../state/plain-log";
import { findProject } from "../state/projects";
import { watchTrace } from "../state/trace";
import { ControlError, known } from "./errors";
import { jobSpec } from "./job-spec";
import type { ControlMethods } from "./methods";
import { viewJob } from "./views";

type JobMethods = Pick<
  ControlMethods,
  "enqueueJob" | "job" | "jobs" | "trace" | "cancelJob" | "retryJob"
>;

/** Controls of jobs. */
export function jobMethods(instance: Instance): JobMethods {
  const find = (id: number): Job => known(instance.jobs.get(id), "job", id);
  return {
    enqueueJob: (params) => {
      const ref = params.project ?? "ci/demo";
      const project = known(findProject(instance, ref), "project", ref);
      const needed = (params.needs ?? []).map(find)[0];
      const { id, pipelineId } = enqueueJob(instance, jobSpec(params), {
        projectId: project.id,
        userId: 1,
        ...(needed !== undefined && { pipelineId: needed.pipelineId }),
      });
      return { id, pipelineId };
    },

    job: ({ id }) => viewJob(instance, find(id)),

    jobs: ({ status }) =>
      [...instance.jobs.values()]
        .filter((job) => status === undefined || job.status === status)
        .map((job) => viewJob(instance, job)),

    trace: ({ id }) => {
      const job = find(id);
      watchTrace(instance, job);
      return plainLog(job.trace.toString("utf8"));
    },

    cancelJob: ({ id, force }) => {
      const job = find(id);
      if (isFinal(job.status)) throw new ControlError(`job ${id} has ended: ${job.status}`);
      cancelJob(instance, job, force);
      return viewJob(instance, job);
    },

    retryJob: ({ id }) => {
      const job = find(id);
      if (!isFinal(job.status)) throw new ControlError(`job ${id} has not ended: ${job.status}`);
      return { id: retryJob(instance, job).id };
    },
  };
}
