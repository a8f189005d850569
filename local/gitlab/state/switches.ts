import * as z from "zod/mini";

/**
 * The failure reasons that the server lists in a job's `features`. The runner reports only those, and maps the others: with
 * this list an interrupted job arrives as `unknown_failure`; with `runner_interrupted` in it, under its own name.
 */
export const FAILURE_REASONS = [
  "unknown_failure",
  "script_failure",
  "api_failure",
  "stuck_or_timeout_failure",
  "runner_system_failure",
  "missing_dependency_failure",
  "runner_unsupported",
  "stale_schedule",
  "job_execution_timeout",
  "archived_failure",
  "unmet_prerequisites",
  "scheduler_failure",
  "data_integrity_failure",
  "user_blocked",
  "project_deleted",
  "ci_quota_exceeded",
  "no_matching_runner",
  "trace_size_exceeded",
  "builds_disabled",
  "environment_creation_failure",
  "runner_provisioning_timeout",
] as const;

const seconds = z.number().check(z.gte(0));

/** Settings of the instance that a test may change at any time. */
export const switchesSchema = z.object({
  /** How long a job request with a current `last_update` is held; 0 answers at once. @default 50 */
  longPollSeconds: seconds,
  /** Jobs stay pending until the runner says that it runs them. @default false */
  twoPhaseCommit: z.boolean(),
  /** With two-phase commit: how long the runner has for that. @default 120 */
  jobAckSeconds: seconds,
  /** Registration tokens are accepted; otherwise 410. @default false, as on a new GitLab */
  registrationAllowed: z.boolean(),
  /** Instance-wide token prefix, such as `acme-`. @default "" */
  tokenPrefix: z.string(),
  /** Listed in `features.failure_reasons`. @default FAILURE_REASONS */
  failureReasons: z.array(z.string()),
  /** A running job whose runner has been silent for so long fails as `stuck_or_timeout_failure`. @default 3600 */
  orphanTimeoutSeconds: seconds,
  /** What the runner is told of how often to send the log; null: 3 while somebody watches the log, else 60. @default null */
  traceIntervalSeconds: z.nullable(seconds),
  /** Largest log of a job in bytes; a longer one fails the job. @default 100 MiB */
  traceSizeLimit: seconds,
  /** Largest artifact file in bytes (413 above). @default 100 MiB */
  artifactSizeLimit: seconds,
  /** Life of runner tokens made or reset from now on; null: they do not expire. @default null */
  runnerTokenLifeSeconds: z.nullable(seconds),
  /** Managers not heard of for 7 days are removed by the hourly clean-up. @default true */
  cleanUpManagers: z.boolean(),
});

export type Switches = z.infer<typeof switchesSchema>;

const MIB = 1024 * 1024;

/** The switches as a new GitLab has them. */
export const DEFAULT_SWITCHES: Switches = {
  longPollSeconds: 50,
  twoPhaseCommit: false,
  jobAckSeconds: 120,
  registrationAllowed: false,
  tokenPrefix: "",
  failureReasons: [...FAILURE_REASONS],
  orphanTimeoutSeconds: 3600,
  traceIntervalSeconds: null,
  traceSizeLimit: 100 * MIB,
  artifactSizeLimit: 100 * MIB,
  runnerTokenLifeSeconds: null,
  cleanUpManagers: true,
};
