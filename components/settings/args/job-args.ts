import type * as pulumi from "@pulumi/pulumi";
import type { Executor } from "../../../contract/values";

/** How jobs run, whatever the executor. */
export interface JobArgs {
  /**
   * Image of jobs that do not specify one. Docker executor only.
   * @default "ubuntu:24.04"
   * @example "registry.example.com/ci/build:3"
   */
  readonly jobImage?: pulumi.Input<string> | undefined;
  /**
   * How jobs run: `docker` runs each job in its own container on the node, `shell` runs jobs inside
   * the replica.
   * @default "docker"
   * @example "shell"
   */
  readonly executor?: Executor | undefined;
}
