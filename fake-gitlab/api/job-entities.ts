import { isoTime } from "../state/clock";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { userBasics } from "./place-entities";
import { managerEntity, runnerBasics } from "./runner-entities";

/** A job in the jobs API. */
export function jobEntity(instance: Instance, job: Job): Record<string, unknown> {
  const runner = instance.runners.get(job.runnerId ?? -1);
  const manager = instance.managers.get(job.managerId ?? -1);
  const user = instance.users.get(job.userId);
  const project = instance.projects.get(job.projectId);
  const archive = job.artifacts.find(({ type }) => type === "archive");
  const webUrl = `${instance.externalUrl}/${project?.fullPath ?? ""}`;
  return {
    id: job.id,
    status: job.status,
    stage: job.spec.stage,
    name: job.spec.name,
    ref: job.spec.ref,
    tag: job.spec.isTag,
    coverage: null,
    allow_failure: job.mayFail,
    created_at: isoTime(job.createdAt),
    started_at: isoTime(job.startedAt),
    finished_at: isoTime(job.finishedAt),
    erased_at: isoTime(job.erasedAt),
    duration: seconds(job.startedAt, job.finishedAt ?? instance.clock.now()),
    queued_duration: seconds(job.queuedAt, job.startedAt ?? instance.clock.now()),
    ...(job.failureReason !== null && { failure_reason: job.failureReason }),
    user: user === undefined ? null : userBasics(instance, user),
    pipeline: { id: job.pipelineId, project_id: job.projectId, ref: job.spec.ref, sha: null },
    project: { id: job.projectId, ci_job_token_scope_enabled: false },
    web_url: `${webUrl}/-/jobs/${job.id}`,
    ...(archive && {
      artifacts_file: { filename: archive.filename, size: archive.content.length },
    }),
    artifacts: job.artifacts.map(({ type, content, filename, format }) => ({
      file_type: type,
      size: content.length,
      filename,
      file_format: format,
    })),
    runner: runner === undefined ? null : runnerBasics(instance, runner),
    runner_manager: manager === undefined ? null : managerEntity(instance, manager),
    artifacts_expire_at: null,
    archived: false,
    tag_list: job.spec.tags,
  };
}

function seconds(from: number | null, to: number): number | null {
  return from === null ? null : (to - from) / 1000;
}
