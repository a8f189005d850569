import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../contract/duration";
import type { RunnerScope, RunnerScopeText } from "../../contract/settings/types/runner-scope";
import type { NetworkSetting, NewNetwork } from "../../contract/settings/types/network";
import type { TokenKind } from "../../contract/token";
import type { Executor, PullPolicy } from "../../contract/values";

/**
 * The arguments of a pool, as a program passes them. docs/settings.md describes the same settings
 * for a stack of this repository.
 *
 * An argument of the type `pulumi.Input` may be an output of another resource. Its value is
 * validated as soon as it is known. The other arguments decide which resources the pool consists
 * of, so they must be plain values, and they are validated at once. All problems are reported
 * together, before any resource is created.
 */
export interface PoolArgs {
  /**
   * Base URL of GitLab, which the replicas must be able to reach. Starts with `http://` or
   * `https://` and includes the relative URL root, if GitLab has one. Rejected: a user, a query, a
   * fragment, `$`, a loopback address, and the URL of GitLab's API or of a page of GitLab.
   * @example "https://gitlab.example.com"
   */
  readonly gitlabUrl: pulumi.Input<string>;
  /**
   * Number of replicas, 0 to 1000. When you lower it, the removed replicas finish their jobs and
   * deregister.
   * @default 2
   * @example 4
   */
  readonly replicas?: pulumi.Input<number> | undefined;
  /**
   * Runner authentication token (`glrt-…`), which all replicas share, or legacy registration token,
   * with which each replica registers its own runner. Stored in a swarm secret, and as a secret in
   * the state. Mutually exclusive with `runnerScope`. Rejected: fewer than 8 characters,
   * whitespace, quotes, `$`, and GitLab tokens of other kinds.
   * @example config.requireSecret("token")
   */
  readonly token?: pulumi.Input<string> | undefined;
  /**
   * Kind of `token`. Required if the prefix of the token does not show its kind, or if the token is
   * an output.
   * @example "authentication"
   */
  readonly tokenKind?: TokenKind | undefined;
  /**
   * Where the pool creates its runner in GitLab: for the whole instance, or for the group or
   * project with this ID. The access token comes from the component's GitLab provider, or from
   * GITLAB_TOKEN in the environment. Mutually exclusive with `token` and `tokenKind`.
   * @example "group:42"
   */
  readonly runnerScope?: RunnerScopeText | RunnerScope | undefined;
  /**
   * Prefix of the runner's description in GitLab, 1 to 1000 printable characters. With
   * `runnerScope`, the component appends its name. With a registration token, each replica appends
   * its slot. The runner of an authentication token keeps the description that it has in GitLab.
   * @default "gitlab-runner-"
   * @example "ci-"
   */
  readonly runnerName?: string | undefined;
  /**
   * Image of jobs that do not specify one. Docker executor only.
   * @default "ubuntu:24.04"
   * @example "registry.example.com/ci/build:3"
   */
  readonly jobImage?: pulumi.Input<string> | undefined;
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
  /**
   * Maximum number of concurrent jobs per replica, 1 to 1000.
   * @default 1
   * @example 4
   */
  readonly concurrent?: number | undefined;
  /**
   * How long a stopping replica may take to finish its jobs, at most 7 days, as a string or a
   * number of seconds. When the time is up, the replica aborts them. A change replaces all
   * replicas; the old ones drain with the old value.
   * @default "1h"
   * @example "30m"
   */
  readonly drainTimeout?: Duration | undefined;
  /**
   * How long an update waits for every replica to come online, at most 1 day, as a string or a
   * number of seconds. If the pool is not online in time, the update fails and reports why each
   * replica is not. `0s` disables the wait and the checks for changes made outside Pulumi.
   * @default "2m"
   * @example "10m"
   */
  readonly onlineTimeout?: Duration | undefined;
  /**
   * How jobs run: `docker` runs each job in its own container on the node, `shell` runs jobs inside
   * the replica.
   * @default "docker"
   * @example "shell"
   */
  readonly executor?: Executor | undefined;
  /** Settings of the docker executor. Rejected with the shell executor. */
  readonly docker?: DockerArgs | undefined;
  /**
   * Network of the replicas: the name of an existing attachable overlay network, or the settings of
   * a network to create. An output must be a name. By default, the pool creates a network, and
   * Docker chooses its subnet.
   * @example { subnet: "10.20.0.0/20", encrypted: true }
   */
  readonly network?: pulumi.Input<string> | NetworkArgs | NetworkSetting | undefined;
}

/** A network that a pool creates. */
export type NetworkArgs = NewNetwork;

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
