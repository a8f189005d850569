import type { PullPolicy } from "../../../contract/values";

/** Which images jobs use, and when they are pulled. */
export interface DockerImageArgs {
  /**
   * When to pull images: one policy, or a list of different ones. With several, gitlab-runner
   * tries the next one if pulling fails.
   * @default "always"
   * @example ["always", "if-not-present"]
   */
  readonly pullPolicy?: PullPolicy | readonly PullPolicy[] | undefined;
  /**
   * Pull policies that a job may request. Must include each policy of `pullPolicy`. By default,
   * only the policies of `pullPolicy`.
   * @example ["always", "if-not-present"]
   */
  readonly allowedPullPolicies?: PullPolicy | readonly PullPolicy[] | undefined;
  /**
   * Patterns of the images that jobs may use: a list of strings, or a string in which commas
   * outside braces separate the patterns. gitlab-runner compares an image as the job writes it,
   * without adding a registry or a tag. Must match `jobImage`, which gitlab-runner allows in any
   * case. Rejected: malformed patterns. By default, jobs may use any image.
   * @example ["registry.example.com/ci/**", "gitlab-runner-pool/{job,base}:*"]
   */
  readonly allowedImages?: string | readonly string[] | undefined;
  /**
   * Patterns of the images that jobs may use as services, with the same syntax as `allowedImages`.
   * Must match the images of `services`. By default, jobs may use any image.
   * @example ["postgres:*", "redis:*"]
   */
  readonly allowedServices?: string | readonly string[] | undefined;
  /**
   * Image of the helper container, which clones the repository and handles caches and artifacts.
   * It may contain gitlab-runner's variables. By default, gitlab-runner's own helper image.
   * @example "registry.example.com/gitlab-runner-helper:x86_64-${CI_RUNNER_VERSION}"
   */
  readonly helperImage?: string | undefined;
  /**
   * Base of gitlab-runner's own helper image: `alpine`, `alpine` and a version, `alpine-latest`,
   * `ubuntu` or `ubi-fips`. Mutually exclusive with `helperImage`. By default, `alpine`.
   * @example "ubuntu"
   */
  readonly helperImageFlavor?: string | undefined;
  /**
   * Percentage of the engine's disk, from 1 to 99, such as 85. While the disk is fuller, replicas
   * remove images that no container uses, the oldest first. They keep images that arrived within
   * the last hour, and those of the runner and its helper. Rejected with an engine on TCP, whose
   * disk a replica cannot see. By default, 0, which turns this off.
   * @example 99
   */
  readonly imageDiskLimit?: number | undefined;
  /**
   * Ignores the entry point that a job sets for its image or for a service. By default, it
   * applies.
   * @example true
   */
  readonly disableEntrypointOverwrite?: boolean | undefined;
}
