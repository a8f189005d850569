import type { JobImage, JobSpec } from "../state/job";
import type { EnqueueJob } from "./schemas";

/** Completes a job's description with GitLab's defaults. */
export function jobSpec(job: EnqueueJob): JobSpec {
  return {
    name: job.name ?? "job",
    stage: job.stage ?? "test",
    script: job.script,
    afterScript: job.afterScript ?? [],
    image: job.image === undefined ? undefined : image(job.image),
    services: (job.services ?? []).map(image),
    allowFailure: job.allowFailure ?? false,
    tags: job.tags ?? [],
    variables: (job.variables ?? []).map(({ key, value, masked, file, raw, public: isPublic }) => ({
      key,
      value,
      masked: masked ?? false,
      file: file ?? false,
      raw: raw ?? false,
      public: isPublic ?? false,
    })),
    artifacts: (job.artifacts ?? []).map(({ when, type, format, ...artifact }) => ({
      ...artifact,
      when: when ?? "on_success",
      type: type ?? "archive",
      format: format ?? "zip",
    })),
    cache: (job.cache ?? []).map((cache) => ({
      key: cache.key ?? "default",
      paths: cache.paths,
      policy: cache.policy ?? "pull-push",
      when: cache.when ?? "on_success",
      untracked: cache.untracked ?? false,
      fallbackKeys: cache.fallbackKeys ?? [],
    })),
    ref: job.ref ?? "main",
    isTag: job.isTag ?? false,
    protected: job.protected ?? false,
    timeoutSeconds: job.timeoutSeconds ?? 3600,
    retry: { max: job.retry?.max ?? 0, when: job.retry?.when ?? [] },
    needs: job.needs ?? [],
    git: job.git === undefined ? undefined : { ...job.git, depth: job.git.depth ?? 20 },
    holdAnswerMs: job.holdAnswerMs ?? 0,
  };
}

function image(source: string | JobImage): JobImage {
  return typeof source === "string" ? { name: source } : source;
}
