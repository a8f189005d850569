import type * as pulumi from "@pulumi/pulumi";
import type { TokenKind } from "../../contract/token";
import type { SettingValue } from "./definitions";

/** The settings of a pool as a program writes them; docs/settings.md describes each, under the same name. */
export interface PoolArgs {
  /** GitLab's base URL, as the replicas reach it. */
  readonly gitlabUrl: string;
  /** Runners in the pool. @default 2 */
  readonly replicas?: number | undefined;
  /** Runner authentication token or legacy registration token; stored only as a swarm secret. Excludes `runnerScope`. */
  readonly token?: pulumi.Input<string> | undefined;
  /** What `token` is. @default told by the prefix, where `token` is plain text */
  readonly tokenKind?: TokenKind | undefined;
  /** Where the pool creates its runner: `instance`, `group:ID` or `project:ID`. Excludes `token`. */
  readonly runnerScope?: string | undefined;
  /** First part of the runner's description. @default `gitlab-runner-` */
  readonly runnerName?: string | undefined;
  /** Image of jobs that name none. @default `ubuntu:24.04` */
  readonly jobImage?: string | undefined;
  /** Tags of the runner. @default `["docker", "linux"]` */
  readonly tags?: string | readonly string[] | undefined;
  /** Take jobs without tags. @default true */
  readonly runUntagged?: boolean | undefined;
  /** Lock the runner to its projects. @default false */
  readonly locked?: boolean | undefined;
  /** Take jobs of protected branches and tags only. @default false */
  readonly protected?: boolean | undefined;
  /** Longest job, at least `10m`. @default none */
  readonly maximumTimeout?: string | undefined;
  /** Jobs that one replica runs at once. @default 1 */
  readonly concurrent?: number | undefined;
  /** How long a replica that is told to stop may finish its jobs. @default `1h` */
  readonly drainTimeout?: string | undefined;
  /** How long an update waits until every replica is online; `0s` does not wait. @default `2m` */
  readonly onlineTimeout?: string | undefined;
  /** Where jobs run. @default `docker` */
  readonly executor?: SettingValue<"executor"> | undefined;
  /** Settings of the docker executor. */
  readonly docker?: DockerArgs | undefined;
  /** Name of an existing attachable overlay network, or settings of one that is created. @default created */
  readonly network?:
    | string
    | { readonly subnet?: string | undefined; readonly encrypted?: boolean | undefined }
    | undefined;
}

/** Settings of the docker executor as a program writes them. */
export interface DockerArgs {
  /** Run job containers privileged. @default false */
  readonly privileged?: boolean | undefined;
  /** Volumes of job containers. @default `["/cache"]` */
  readonly volumes?: readonly string[] | undefined;
  /** When the image of a job is pulled. @default `always` */
  readonly pullPolicy?: SettingValue<"docker.pullPolicy"> | undefined;
  /** Patterns of images that jobs may use. @default any */
  readonly allowedImages?: readonly string[] | undefined;
  /** Image that clones and handles artifacts. @default gitlab-runner's own */
  readonly helperImage?: string | undefined;
  /** Network of job containers. @default Docker's */
  readonly networkMode?: string | undefined;
}
