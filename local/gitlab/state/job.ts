/** States of a job, with GitLab's names. */
export const JOB_STATUSES = [
  "created",
  "pending",
  "running",
  "canceling",
  "success",
  "failed",
  "canceled",
  "skipped",
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** States that a job does not leave. */
export const FINAL_STATUSES = ["success", "failed", "canceled", "skipped"] as const;

/** True once a job has ended. */
export function isFinal(status: JobStatus): boolean {
  return (FINAL_STATUSES as readonly string[]).includes(status);
}

export interface JobVariable {
  readonly key: string;
  readonly value: string;
  readonly masked: boolean;
  readonly file: boolean;
  readonly raw: boolean;
  readonly public: boolean;
}

export interface JobImage {
  readonly name: string;
  readonly alias?: string | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  readonly command?: readonly string[] | undefined;
  readonly pullPolicy?: readonly string[] | undefined;
}

export interface JobArtifactSpec {
  readonly name?: string | undefined;
  readonly paths: readonly string[];
  readonly exclude?: readonly string[] | undefined;
  readonly when: "on_success" | "on_failure" | "always";
  readonly expireIn?: string | undefined;
  readonly type: string;
  readonly format: string;
}

/** What a pipeline says about a job. */
export interface JobSpec {
  readonly name: string;
  readonly stage: string;
  readonly script: readonly string[];
  readonly afterScript: readonly string[];
  readonly image?: JobImage | undefined;
  readonly services: readonly JobImage[];
  readonly tags: readonly string[];
  readonly variables: readonly JobVariable[];
  readonly artifacts: readonly JobArtifactSpec[];
  readonly ref: string;
  readonly isTag: boolean;
  readonly protected: boolean;
  readonly timeoutSeconds: number;
  readonly retry: { readonly max: number; readonly when: readonly string[] };
  /** Jobs that must succeed first; their artifacts are passed on. */
  readonly needs: readonly number[];
  /** Git repository to fetch; without it the job runs with `GIT_STRATEGY=none`. */
  readonly git?: { readonly url: string; readonly sha: string; readonly depth: number } | undefined;
  /** How long the answer that hands the job over is held back, after the job is assigned. */
  readonly holdAnswerMs: number;
}

export interface Artifact {
  readonly filename: string;
  readonly type: string;
  readonly format: string;
  readonly content: Buffer;
}

export interface Job {
  readonly id: number;
  readonly projectId: number;
  readonly pipelineId: number;
  readonly userId: number;
  readonly spec: JobSpec;
  readonly createdAt: number;
  status: JobStatus;
  /** Given out with the job, and only then. */
  tokenDigest: string | null;
  failureReason: string | null;
  exitCode: number | null;
  runnerId: number | null;
  managerId: number | null;
  systemId: string | null;
  timeoutSeconds: number;
  queuedAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** Last call with the job's token; the sweep for stuck jobs reads it. */
  touchedAt: number | null;
  /** Two-phase commit: until then the runner must say that it runs the job. */
  ackDeadline: number | null;
  trace: Buffer;
  /** Until then somebody watches the log, and the runner is asked for it every 3 s. */
  watchedUntil: number;
  artifacts: Artifact[];
  erased: boolean;
  /** The job that this one is a retry of, and the other way round. */
  readonly retryOf: number | null;
  retriedAs: number | null;
}
