import type { Instance } from "../state/instance";
import type { Job, JobImage } from "../state/job";
import { latestTry } from "../state/jobs";
import type { Project, Runner } from "../state/types";
import { jobVariables, type PayloadVariable } from "./job-variables";

/** The body of the 201 answer that hands a job over. */
export function jobPayload(
  instance: Instance,
  job: Job,
  project: Project,
  runner: Runner,
  token: string,
): Record<string, unknown> {
  const { spec } = job;
  return {
    id: job.id,
    token,
    allow_git_fetch: true,
    job_info: jobInfo(instance, job, project),
    git_info: gitInfo(instance, job, project),
    runner_info: { timeout: job.timeoutSeconds, runner_session_url: null },
    variables: jobVariables(instance, job, project, runner, token) satisfies PayloadVariable[],
    steps: steps(job),
    image: spec.image === undefined ? null : image(spec.image),
    services: spec.services.map(image),
    artifacts: artifacts(job),
    cache: [],
    credentials: [],
    dependencies: dependencies(instance, job, token),
    features: {
      trace_sections: true,
      token_mask_prefixes: ["glpat-", "glrt-", "glrtr-", "glcbt-"],
      failure_reasons: instance.switches.failureReasons,
    },
  };
}

function jobInfo(instance: Instance, job: Job, project: Project): Record<string, unknown> {
  const running = [...instance.jobs.values()].filter(
    (other) => other.projectId === project.id && other.status === "running" && other.id !== job.id,
  );
  const queued = job.queuedAt ?? job.createdAt;
  return {
    id: job.id,
    name: job.spec.name,
    stage: job.spec.stage,
    project_id: project.id,
    project_name: project.path,
    project_full_path: project.fullPath,
    pipeline_id: job.pipelineId,
    namespace_id: project.groupId,
    root_namespace_id: project.groupId,
    organization_id: 1,
    instance_id: "stand-in",
    user_id: job.userId,
    time_in_queue_seconds: (instance.clock.now() - queued) / 1000,
    project_jobs_running_on_instance_runners_count: String(running.length),
  };
}

const NO_COMMIT = "0".repeat(40);

function gitInfo(instance: Instance, job: Job, project: Project): Record<string, unknown> {
  const { ref, isTag, git, protected: isProtected } = job.spec;
  const branch = isTag
    ? `+refs/tags/${ref}:refs/tags/${ref}`
    : `+refs/heads/${ref}:refs/remotes/origin/${ref}`;
  return {
    repo_url: git?.url ?? `${instance.externalUrl}/${project.fullPath}.git`,
    ref,
    sha: git?.sha ?? NO_COMMIT,
    before_sha: NO_COMMIT,
    ref_type: isTag ? "tag" : "branch",
    refspecs: [branch],
    depth: git?.depth ?? 20,
    repo_object_format: "sha1",
    protected: isProtected,
  };
}

function steps(job: Job): Record<string, unknown>[] {
  const { script, afterScript } = job.spec;
  const main = {
    name: "script",
    script,
    timeout: job.timeoutSeconds,
    when: "on_success",
    allow_failure: false,
  };
  if (afterScript.length === 0) return [main];
  const after = { ...main, name: "after_script", script: afterScript, when: "always" };
  return [main, { ...after, allow_failure: true }];
}

function image(source: JobImage): Record<string, unknown> {
  const { name, alias, entrypoint, command, pullPolicy } = source;
  return {
    name,
    ...(alias !== undefined && { alias }),
    entrypoint: entrypoint ?? null,
    ...(command !== undefined && { command }),
    pull_policy: pullPolicy ?? null,
  };
}

function artifacts(job: Job): Record<string, unknown>[] | null {
  if (job.spec.artifacts.length === 0) return null;
  return job.spec.artifacts.map((artifact) => ({
    name: artifact.name ?? null,
    untracked: null,
    paths: artifact.paths,
    exclude: artifact.exclude ?? null,
    when: artifact.when,
    expire_in: artifact.expireIn ?? null,
    artifact_type: artifact.type,
    artifact_format: artifact.format,
  }));
}

/** Jobs whose artifacts this one downloads; they are fetched with this job's own token. */
function dependencies(instance: Instance, job: Job, token: string): Record<string, unknown>[] {
  return job.spec.needs.flatMap((id) => {
    const needed = latestTry(instance, id);
    const archive = needed?.artifacts.find((artifact) => artifact.type === "archive");
    if (needed === undefined || archive === undefined) return [];
    const artifacts_file = { filename: archive.filename, size: archive.content.length };
    return [{ id: needed.id, name: needed.spec.name, token, artifacts_file }];
  });
}
