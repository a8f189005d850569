import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../../contract/duration";
import type { FeatureFlags } from "../../../contract/feature-flags";
import type { Size } from "../../../contract/settings/types/size";

/** What each job gets, and what limits it. */
export interface JobRunArgs {
  /**
   * Variables of all jobs, by name. A variable of GitLab or of the job overrides one of the same
   * name. `$NAME` in a value refers to another variable, and `$$` is a dollar sign. Rejected:
   * values that look like a token, a key or a URL with a password, secret outputs, `CI_JOB_TOKEN`,
   * and more than 32 KiB in all.
   * @example { HTTPS_PROXY: "http://proxy.example.com:3128", MAVEN_OPTS: "-Xmx2g" }
   */
  readonly environment?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>> | undefined;
  /**
   * Variables of all jobs with secret values, by name. A `$` in a value is a dollar sign, but other
   * variables that refer to the value may get two. Stored in a swarm secret, and as a secret in the
   * state. Jobs can print the values: GitLab masks only its own variables. Rejected: values of
   * fewer than 8 characters, names that `environment` has, `CI_JOB_TOKEN`, and more than 32 KiB in
   * all.
   * @example { NPM_TOKEN: "0123456789abcdef", DEPLOY_KEY: "fedcba9876543210" }
   */
  readonly secretEnvironment?:
    pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>> | undefined;
  /**
   * Maximum size of a job's log, 1 MiB to 1 GiB, as a string or a number of bytes. gitlab-runner
   * discards the rest. By default, 4 MiB.
   * @example "16m"
   */
  readonly outputLimit?: Size | number | undefined;
  /**
   * How long the preparation of a job may take, such as pulling its image: 10 seconds to 1 day, as
   * a string or a number of seconds. By default, the job's timeout applies. Rejected with a base
   * image of gitlab-runner older than 19.0.
   * @example "10m"
   */
  readonly prepareTimeout?: Duration | undefined;
  /**
   * Ignores `CI_DEBUG_TRACE`, with which a job prints all its variables. By default, jobs may use
   * it.
   * @example true
   */
  readonly debugTraceDisabled?: boolean | undefined;
  /**
   * Feature flags of gitlab-runner, by name. Rejected: unknown names, and
   * `FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: false`, because the replicas share a token.
   * @example { FF_TIMESTAMPS: false, FF_ENABLE_JOB_CLEANUP: true }
   */
  readonly featureFlags?: FeatureFlags | undefined;
}
