import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import type { Project, Runner } from "../state/types";
import { GITLAB_VERSION } from "./version";

export interface PayloadVariable {
  readonly key: string;
  readonly value: string;
  readonly public: boolean;
  readonly masked: boolean;
  readonly file?: boolean;
  readonly raw?: boolean;
}

/** The job's variables: GitLab's predefined ones first, then the job's own. */
export function jobVariables(
  instance: Instance,
  job: Job,
  project: Project,
  runner: Runner,
  token: string,
): PayloadVariable[] {
  const own = job.spec.variables.map((variable) => ({ ...variable }));
  return [
    ...Object.entries(predefined(instance, job, project, runner)).map(([key, value]) => ({
      key,
      value,
      public: true,
      masked: false,
    })),
    { key: "CI_JOB_TOKEN", value: token, public: false, masked: true },
    ...(job.spec.git === undefined ? [noCheckout] : []),
    ...own,
  ];
}

const noCheckout = { key: "GIT_STRATEGY", value: "none", public: true, masked: false };

function predefined(
  instance: Instance,
  job: Job,
  project: Project,
  runner: Runner,
): Record<string, string> {
  const { spec } = job;
  const server = new URL(instance.externalUrl);
  const projectUrl = `${instance.externalUrl}/${project.fullPath}`;
  const sha = spec.git?.sha ?? "0".repeat(40);
  return {
    CI: "true",
    GITLAB_CI: "true",
    CI_SERVER: "yes",
    CI_SERVER_URL: instance.externalUrl,
    CI_SERVER_HOST: server.hostname,
    CI_SERVER_PORT:
      server.port === "" ? (server.protocol === "https:" ? "443" : "80") : server.port,
    CI_SERVER_PROTOCOL: server.protocol.replace(":", ""),
    CI_SERVER_NAME: "GitLab",
    CI_SERVER_VERSION: GITLAB_VERSION,
    CI_API_V4_URL: `${instance.externalUrl}/api/v4`,
    CI_PIPELINE_ID: String(job.pipelineId),
    CI_PIPELINE_SOURCE: "api",
    CI_PIPELINE_URL: `${projectUrl}/-/pipelines/${job.pipelineId}`,
    CI_JOB_ID: String(job.id),
    CI_JOB_NAME: spec.name,
    CI_JOB_STAGE: spec.stage,
    CI_JOB_URL: `${projectUrl}/-/jobs/${job.id}`,
    CI_JOB_TIMEOUT: String(job.timeoutSeconds),
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: sha.slice(0, 8),
    CI_COMMIT_REF_NAME: spec.ref,
    CI_COMMIT_REF_SLUG: slug(spec.ref),
    CI_COMMIT_REF_PROTECTED: String(spec.protected),
    [spec.isTag ? "CI_COMMIT_TAG" : "CI_COMMIT_BRANCH"]: spec.ref,
    CI_DEFAULT_BRANCH: "main",
    CI_PROJECT_ID: String(project.id),
    CI_PROJECT_NAME: project.path,
    CI_PROJECT_PATH: project.fullPath,
    CI_PROJECT_PATH_SLUG: slug(project.fullPath),
    CI_PROJECT_NAMESPACE: project.fullPath.slice(0, project.fullPath.lastIndexOf("/")),
    CI_PROJECT_URL: projectUrl,
    CI_RUNNER_ID: String(runner.id),
    CI_RUNNER_DESCRIPTION: runner.description ?? "",
    CI_RUNNER_TAGS: JSON.stringify(runner.tags),
    GITLAB_USER_LOGIN: instance.users.get(job.userId)?.username ?? "root",
  };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^0-9a-z]/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}
