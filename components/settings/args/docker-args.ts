import type { PullPolicy } from "../../../contract/values";

/** Settings of the docker executor. */
export interface DockerArgs {
  /**
   * Runs job containers in privileged mode, which gives jobs root access to the node.
   * @default false
   * @example true
   */
  readonly privileged?: boolean | undefined;
  /**
   * Volumes of job containers, each `PATH` or `SOURCE:PATH[:MODE]`: a list of strings or a
   * comma-separated string. Rejected: relative paths, Windows paths, and two volumes at the same
   * path.
   * @default ["/cache"]
   * @example ["/cache", "/certs:/certs:ro"]
   */
  readonly volumes?: string | readonly string[] | undefined;
  /**
   * When to pull a job's image.
   * @default "always"
   * @example "if-not-present"
   */
  readonly pullPolicy?: PullPolicy | undefined;
  /**
   * Patterns of the images that jobs may use: a list of strings or a comma-separated string. By
   * default, jobs may use any image.
   * @example ["registry.example.com/ci/*"]
   */
  readonly allowedImages?: string | readonly string[] | undefined;
  /**
   * Image of the helper container, which clones the repository and handles caches and artifacts. It
   * may contain gitlab-runner's variables. By default, gitlab-runner's own helper image.
   * @example "registry.example.com/gitlab-runner-helper:x86_64-${CI_RUNNER_VERSION}"
   */
  readonly helperImage?: string | undefined;
  /**
   * Network of job containers: `bridge`, `host`, `none`, the name of a network, or
   * `container:NAME`. By default, Docker's default network.
   * @example "host"
   */
  readonly networkMode?: string | undefined;
}
