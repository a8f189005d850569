/** The failure reasons that a current GitLab knows. Others become `unknown_failure`. */
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
  "forward_deployment_failure",
  "user_blocked",
  "project_deleted",
  "ci_quota_exceeded",
  "no_matching_runner",
  "trace_size_exceeded",
  "builds_disabled",
  "environment_creation_failure",
  "runner_provisioning_timeout",
  "job_token_expired",
  "no_updates_running",
  "runner_interrupted",
  "runner_configuration_error",
  "runner_external_dependency_failure",
] as const;

/** Older names that `retry: when` may still use. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  no_updates_running: ["stuck_or_timeout_failure"],
};

/** Returns the runner's reason if GitLab knows it. */
export function knownReason(reason: string | undefined): string {
  const known: readonly string[] = FAILURE_REASONS;
  return reason !== undefined && known.includes(reason) ? reason : "unknown_failure";
}

/** Returns a reason and its older names in `retry: when`. */
export function listReasonNames(reason: string): readonly string[] {
  return [reason, ...(ALIASES[reason] ?? [])];
}
