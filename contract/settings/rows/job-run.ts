import { environment, secretEnvironment } from "../../job-environment";
import { featureFlags } from "../../feature-flags";
import { outputLimit } from "../../job-output";
import { stageTimeout } from "../../stage-timeout";
import { boolean } from "../types/plain";
import type { Setting } from "../setting";

/** What each job gets, and what limits it. */
export const JOB_RUN_ROWS = {
  environment: {
    topic: "Jobs",
    type: environment,
    scope: "replica",
    input: true,
    toml: "runners.environment",
    description:
      "Variables of all jobs, by name. A variable of GitLab or of the job overrides one of the same name. `$NAME` in a value refers to another variable; write `$$` for a dollar sign.",
  },
  secretEnvironment: {
    topic: "Jobs",
    type: secretEnvironment,
    scope: "replica",
    secret: true,
    description:
      "Variables of all jobs with secret values of at least 8 characters, by name. A `$` is a dollar sign, except in other variables that refer to the value (see below). Jobs can print these values: GitLab masks only its own variables.",
  },
  outputLimit: {
    topic: "Jobs",
    type: outputLimit,
    scope: "replica",
    toml: "runners.output_limit",
    description: "Maximum size of a job's log (`1m`–`1g`). Default: `4m`.",
  },
  prepareTimeout: {
    topic: "Jobs",
    type: stageTimeout,
    scope: "replica",
    toml: "runners.prepare_timeout",
    description:
      "How long the preparation of a job may take, such as pulling its image (`10s`–`1d`). Default: the job's timeout. Requires gitlab-runner 19.0.",
  },
  debugTraceDisabled: {
    topic: "Jobs",
    type: boolean,
    scope: "replica",
    toml: "runners.debug_trace_disabled",
    description:
      "Ignore `CI_DEBUG_TRACE`, with which a job prints all its variables. Default: `false`.",
  },
  featureFlags: {
    topic: "Jobs",
    type: featureFlags,
    scope: "replica",
    toml: "runners.feature_flags",
    description:
      "[Feature flags](https://docs.gitlab.com/runner/configuration/feature-flags/) of gitlab-runner, by name. The job's own variables override them.",
  },
} as const satisfies Record<string, Setting>;
