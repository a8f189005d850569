import type * as pulumi from "@pulumi/pulumi";

/** The arguments of a `RunnerImage`. */
export interface RunnerImageArgs {
  /**
   * Registry for the runner image; every node of the swarm must be able to reach it:
   * `HOST[:PORT][/PATH]` in lower case. Add `http://` in front if the registry does not use TLS; a
   * registry on the loopback interface does not need it. The address needs a host, and for Docker
   * Hub also a user.
   *
   * With a string, the login comes from the docker provider that the component gets; its
   * `registryAuth` must name the registry. Without such a provider, the login comes from
   * `docker login`. With an object, the login is part of the argument.
   * @example "registry.example.com/ci"
   * @example
   * {
   *   address: "registry.example.com/ci",
   *   username: "ci",
   *   password: config.requireSecret("password"),
   * }
   */
  readonly registry: pulumi.Input<string> | RunnerImageRegistryArgs;
  /**
   * Image that contains gitlab-runner. The runner image is built on it. A change replaces all
   * replicas.
   * @default "gitlab/gitlab-runner:v" followed by the version that this package is tested with
   * @example "registry.example.com/mirror/gitlab-runner:v19.4.0"
   */
  readonly baseImage?: string | undefined;
  /**
   * Image that provides the Node.js binary for the runner image: Node.js 20 or later, built for
   * glibc.
   * @default the official image, "node:VERSION-bookworm-slim"
   * @example "registry.example.com/mirror/node:24-bookworm-slim"
   */
  readonly nodeImage?: string | undefined;
  /**
   * Folder with the Dockerfile and the files that it copies, relative to the program's folder. The
   * state stores the path, so a path that differs between machines shows up as a change. The folder
   * must contain `Dockerfile` and `dist/main.js`.
   * @default the folder that comes with this package
   */
  readonly context?: string | undefined;
}

/** A registry with its login. */
export interface RunnerImageRegistryArgs {
  /**
   * Registry of the image: `HOST[:PORT][/PATH]` in lower case. Add `http://` in front if the
   * registry does not use TLS. Docker Hub needs a user or an organization. The address must be a
   * plain string, because it decides which images are pulled before the build.
   * @example "registry.example.com/ci"
   */
  readonly address: string;
  /**
   * User of the registry. Without `password`, the login is found as for a string. A base image in
   * the same registry is pulled with this login before the build.
   * @default none: the login is found as for a string, and may not exist
   */
  readonly username?: pulumi.Input<string> | undefined;
  /**
   * Password of that user. It is a secret in the state. The component then creates its own docker
   * provider for the same engine; see `RunnerImage.providers`. Requires `username`.
   * @default none
   */
  readonly password?: pulumi.Input<string> | undefined;
}
