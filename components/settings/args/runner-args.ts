import type { Duration } from "../../../contract/duration";

/** The runner in GitLab. */
export interface RunnerArgs {
  /**
   * Prefix of the runner's description in GitLab, 1 to 1000 printable characters. With
   * `runnerScope`, the component appends its name. With a registration token, each replica appends
   * its slot. The runner of an authentication token keeps the description that it has in GitLab.
   * @default "gitlab-runner-"
   * @example "ci-"
   */
  readonly runnerName?: string | undefined;
  /**
   * Tags of the runner, at most 50: a list of strings or a comma-separated string. No effect with
   * an authentication token: change the tags in GitLab.
   * @default ["docker", "linux"]
   * @example ["docker", "linux", "large"]
   */
  readonly tags?: string | readonly string[] | undefined;
  /**
   * Runs untagged jobs. Rejected with an authentication token: change it on the runner's page in
   * GitLab.
   * @default true
   * @example false
   */
  readonly runUntagged?: boolean | undefined;
  /**
   * Locks the runner to its projects. Rejected with an authentication token: change it on the
   * runner's page in GitLab.
   * @default false
   * @example true
   */
  readonly locked?: boolean | undefined;
  /**
   * Runs jobs from protected branches and tags only. Rejected with an authentication token: change
   * it on the runner's page in GitLab.
   * @default false
   * @example true
   */
  readonly protected?: boolean | undefined;
  /**
   * Maximum job duration, 10 minutes to 365 days, as a string or a number of seconds. GitLab ends a
   * job that takes longer. By default, only the project's job timeout applies. Rejected with an
   * authentication token: change it on the runner's page in GitLab.
   * @example "3h"
   */
  readonly maximumTimeout?: Duration | undefined;
}
