import type { Instance } from "../state/instance";
import type { Job, JobCache, JobImage } from "../state/job";
import { latestTry } from "../state/jobs";
import type { Project, Runner } from "../state/types";
import { jobVariables, type PayloadVariable } from "./job-variables";

/** The body of the 201 response that assigns a job. */
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
    job_info: jobInfo(instance, job, project, runner),
    git_info: gitInfo(instance, job, project, token),
    runner_info: { timeout: job.timeoutSeconds, runner_session_url: null },
    variables: jobVariables(instance, job, project, runner, token) satisfies PayloadVariable[],
    steps: steps(job),
    image: spec.image === undefined ? null : image(spec.image),
    services: spec.services.map(service),
    artifacts: artifacts(job),
    cache: spec.cache.map(cache),
    credentials: [],
    dependencies: dependencies(instance, job, token),
    features: {
      trace_sections: true,
      token_mask_prefixes: ["glpat-", "glrt-", "glrtr-", "glcbt-"],
      failure_reasons: instance.switches.failureReasons,
    },
  };
}

function jobInfo(
  instance: Instance,
  job: Job,
  project: Project,
  runner: Runner,
): Record<string, unknown> {
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
    instance_id: "fake-gitlab",
    user_id: job.userId,
    time_in_queue_seconds: (instance.clock.now() - queued) / 1000,
    project_jobs_running_on_instance_runners_count: runningOnInstanceRunners(instance, job, runner),
  };
}

/** GitLab does not count beyond this number. */
const MANY = 5;

/** Number of the project's other jobs on instance runners; only sent to instance runners. */
function runningOnInstanceRunners(instance: Instance, job: Job, runner: Runner): string {
  if (runner.type !== "instance_type") return "+Inf";
  const running = [...instance.jobs.values()].filter(
    (other) =>
      other.id !== job.id &&
      other.projectId === job.projectId &&
      other.status === "running" &&
      instance.runners.get(other.runnerId ?? -1)?.type === "instance_type",
  ).length;
  return running < MANY ? String(running) : `${MANY}+`;
}

const NO_COMMIT = "0".repeat(40);

function gitInfo(
  instance: Instance,
  job: Job,
  project: Project,
  token: string,
): Record<string, unknown> {
  const { ref, isTag, git, protected: isProtected } = job.spec;
  const branch = isTag
    ? `+refs/tags/${ref}:refs/tags/${ref}`
    : `+refs/heads/${ref}:refs/remotes/origin/${ref}`;
  // GitLab uses the ref that keeps a pipeline's commit, if there is one. A test's repository has
  // none.
  const pipeline = `+refs/pipelines/${job.pipelineId}:refs/pipelines/${job.pipelineId}`;
  return {
    repo_url: git?.url ?? repositoryUrl(instance, project, token),
    ref,
    sha: git?.sha ?? NO_COMMIT,
    before_sha: NO_COMMIT,
    ref_type: isTag ? "tag" : "branch",
    refspecs: git === undefined ? [pipeline, branch] : [branch],
    depth: git?.depth ?? 20,
    repo_object_format: "sha1",
    protected: isProtected,
  };
}

/** The project's URL for Git, with the credentials of the job. */
function repositoryUrl({ externalUrl }: Instance, { fullPath }: Project, token: string): string {
  return `${externalUrl}/${fullPath}.git`.replace("://", `://gitlab-ci-token:${token}@`);
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
  const { name, entrypoint, pullPolicy, docker } = source;
  return {
    name,
    entrypoint: entrypoint ?? null,
    ports: [],
    executor_opts: docker === undefined ? {} : { docker },
    pull_policy: pullPolicy ?? null,
  };
}

function service(source: JobImage): Record<string, unknown> {
  return {
    ...image(source),
    alias: source.alias ?? null,
    command: source.command ?? null,
    variables: [],
  };
}

function cache({ fallbackKeys, ...rest }: JobCache): Record<string, unknown> {
  return { ...rest, fallback_keys: fallbackKeys };
}

function artifacts(job: Job): Record<string, unknown>[] | null {
  if (job.spec.artifacts.length === 0) return null;
  return job.spec.artifacts.map((artifact) => ({
    name: artifact.name ?? null,
    untracked: null,
    paths: artifact.paths,
    ...((artifact.exclude ?? []).length > 0 && { exclude: artifact.exclude }),
    when: artifact.when,
    expire_in: artifact.expireIn ?? null,
    artifact_type: artifact.type,
    artifact_format: artifact.format,
  }));
}

/**
 * Jobs that this one needs, with the artifacts that it downloads. It downloads them with its own
 * token.
 */
function dependencies(instance: Instance, job: Job, token: string): Record<string, unknown>[] {
  return job.spec.needs.flatMap((id) => {
    const needed = latestTry(instance, id);
    const archive = needed?.artifacts.find((artifact) => artifact.type === "archive");
    if (needed === undefined) return [];
    const file = archive && { filename: archive.filename, size: archive.content.length };
    return [
      { id: needed.id, name: needed.spec.name, token, ...(file && { artifacts_file: file }) },
    ];
  });
}
