import type * as pulumi from "@pulumi/pulumi";
import type { Executor } from "../../../contract/values";

/** The login of a registry. */
export interface RegistryLoginArgs {
  /** A user, or the name of an access token. Rejected: colons. */
  readonly username: pulumi.Input<string>;
  /** The user's password, or an access token. */
  readonly password: pulumi.Input<string>;
}

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
  /**
   * Logins of the registries from which images of jobs, services and helper containers are pulled,
   * by `HOST[:PORT]`, or the text of a docker config.json. As a plain string, `@PATH` stands for
   * the content of a file. Docker executor only. `DOCKER_AUTH_CONFIG` of a job takes precedence.
   * Stored in a swarm secret, and as a secret in the state. Jobs cannot read it. Rejected: hosts
   * with a path or a scheme, identity tokens, credential helpers, and more than 64 KiB in all.
   * @example { "registry.example.com": { username: "ci", password: "0123456789abcdef" } }
   */
  readonly jobRegistries?:
    pulumi.Input<string | Readonly<Record<string, pulumi.Input<RegistryLoginArgs>>>> | undefined;
}
