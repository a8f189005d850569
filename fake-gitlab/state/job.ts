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

/** Final states. */
const FINAL_STATUSES = ["success", "failed", "canceled", "skipped"] as const;

/** Whether a job has ended. */
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
  /** Options for the docker executor. */
  readonly docker?: { readonly user?: string | undefined } | undefined;
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

/** What a job restores before its script, and saves after it. */
export interface JobCache {
  readonly key: string;
  readonly paths: readonly string[];
  readonly policy: "pull" | "push" | "pull-push";
  readonly when: "on_success" | "on_failure" | "always";
  readonly untracked: boolean;
  readonly fallbackKeys: readonly string[];
}

/** The definition of a job in a pipeline. */
export interface JobSpec {
  readonly name: string;
  readonly stage: string;
  readonly script: readonly string[];
  readonly afterScript: readonly string[];
  readonly image?: JobImage | undefined;
  readonly services: readonly JobImage[];
  /** Whether the pipeline continues when the job fails, always or with certain exit codes. */
  readonly allowFailure: boolean | { readonly exitCodes: readonly number[] };
  readonly tags: readonly string[];
  readonly variables: readonly JobVariable[];
  readonly artifacts: readonly JobArtifactSpec[];
  readonly cache: readonly JobCache[];
  readonly ref: string;
  readonly isTag: boolean;
  readonly protected: boolean;
  readonly timeoutSeconds: number;
  readonly retry: { readonly max: number; readonly when: readonly string[] };
  /** Jobs that must succeed first and whose artifacts this job gets. */
  readonly needs: readonly number[];
  /**
   * Git repository to fetch, by default that of the project. Without it, the job runs with
   * `GIT_STRATEGY=none`.
   */
  readonly git?:
    { readonly url?: string | undefined; readonly sha: string; readonly depth: number } | undefined;
  /** Delay of the response that assigns the job, after the job is assigned. */
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
  /** Only in the response that assigns the job. */
  tokenDigest: string | null;
  tokenExpiresAt: number | null;
  /** Whether it failed and the pipeline continues anyway. */
  mayFail: boolean;
  failureReason: string | null;
  exitCode: number | null;
  runnerId: number | null;
  managerId: number | null;
  systemId: string | null;
  timeoutSeconds: number;
  queuedAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** Last request with the job's token. The sweep for stuck jobs uses it. */
  touchedAt: number | null;
  /** Two-phase commit: until then the runner must confirm that it runs the job. */
  ackDeadline: number | null;
  /**
   * Two-phase commit: the manager that the job is reserved for. It is assigned when the runner
   * confirms that it runs the job.
   */
  offeredTo: { readonly managerId: number; readonly systemId: string } | null;
  /** When the runner first reported the end of the job while the log was still being stored. */
  endReportedAt: number | null;
  trace: Buffer;
  /** Until then somebody watches the log, and the runner sends it every 3 s. */
  watchedUntil: number;
  artifacts: Artifact[];
  erasedAt: number | null;
  /** The job that this one retries, and the job that retries this one. */
  readonly retryOf: number | null;
  retriedAs: number | null;
}
