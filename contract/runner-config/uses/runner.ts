import {
  besides,
  fixed,
  registration,
  setting,
  TEMPLATE,
  unfit,
  type KeysIn,
  type KeyUse,
} from "../key-use";
import type { WholeSection } from "./other-sections";

type Elsewhere = WholeSection extends infer Section
  ? Section extends `runners.${infer Name}`
    ? Name
    : never
  : never;

/** Keys of `[[runners]]`, except those of the sections that have their own file. */
export const RUNNER_KEYS = {
  "artifact.response_header_timeout": TEMPLATE,
  "artifact.upload_timeout": TEMPLATE,
  builds_dir: setting("buildsDir"),
  cache_dir: TEMPLATE,
  clean_git_config: setting("cleanGitConfig"),
  clone_url: setting("cloneUrl"),
  "custom_build_dir.enabled": setting("customBuildDir"),
  debug_trace_disabled: setting("debugTraceDisabled"),
  environment: setting("environment"),
  executor: setting("executor"),
  "experimental.boot_verify.acquire_max_backoff": TEMPLATE,
  "experimental.boot_verify.acquire_min_backoff": TEMPLATE,
  "experimental.boot_verify.enabled": setting("bootVerify"),
  "experimental.boot_verify.timeout": TEMPLATE,
  "experimental.boot_verify.verify_auth": TEMPLATE,
  "experimental.boot_verify.verify_cache": TEMPLATE,
  "experimental.boot_verify.verify_commands": TEMPLATE,
  "experimental.boot_verify.verify_helper_version": TEMPLATE,
  "experimental.boot_verify.verify_server_url": TEMPLATE,
  "experimental.boot_verify.verify_server_url_insecure": TEMPLATE,
  feature_flags: setting("featureFlags"),
  get_sources_timeout: setting("getSourcesTimeout"),
  id: registration("GitLab assigns the runner's ID."),
  job_status_final_update_retry_limit: TEMPLATE,
  labels: TEMPLATE,
  limit: fixed("It equals `concurrent`, because a replica has one runner."),
  "monitoring.job_queuing_durations.jobs_running_for_project": TEMPLATE,
  "monitoring.job_queuing_durations.periods": TEMPLATE,
  "monitoring.job_queuing_durations.threshold": TEMPLATE,
  "monitoring.job_queuing_durations.timezone": TEMPLATE,
  name: registration("It consists of `runnerName` and the replica's slot in Swarm."),
  output_limit: setting("outputLimit"),
  post_build_script: setting("postBuildScript"),
  post_get_sources_script: setting("postGetSourcesScript"),
  pre_build_script: setting("preBuildScript"),
  pre_get_sources_script: setting("preGetSourcesScript"),
  prepare_timeout: setting("prepareTimeout"),
  proxy_exec: TEMPLATE,
  request_concurrency: setting("requestConcurrency"),
  safe_directory_checkout: TEMPLATE,
  shell: fixed("Jobs of the shell executor run in bash. The docker executor detects the shell."),
  slot_cgroup_template: unfit("Only an autoscaling executor has slots."),
  step_runner_image: TEMPLATE,
  strict_check_interval: setting("strictCheckInterval"),
  "tls-ca-file": besides("caCertificate"),
  "tls-cert-file": besides("clientCertificate"),
  "tls-key-file": besides("clientKey"),
  token: registration(
    "It is `token`, or the token that GitLab returns when the replica registers.",
  ),
  token_expires_at: registration("GitLab sets the token's expiry."),
  token_obtained_at: registration(
    "It is the time at which the replica presented the token to GitLab.",
  ),
  unhealthy_interval: fixed(
    "It is a minute: after a rejection by mistake, the default of an hour would be too long.",
  ),
  unhealthy_requests_limit: TEMPLATE,
  url: setting("gitlabUrl"),
  use_slot_cgroups: unfit("Only an autoscaling executor has slots."),
} satisfies Record<
  Exclude<KeysIn<"runners">, `${Elsewhere | "cache" | "docker"}.${string}`>,
  KeyUse
>;
