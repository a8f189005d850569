/** The swarm service of a pool. */
export interface ServiceArgs {
  /** Where Docker writes the log of the replicas. */
  readonly logDriver?: LogDriverArgs | undefined;
  /**
   * Labels of the swarm service. A change restarts no replica. Rejected: names that start with
   * `com.docker.`, `io.docker.`, `org.dockerproject.` or `gitlab-runner-pool.`, and values that
   * look like secrets. By default, the service has no labels except those of this program.
   * @example { "com.example.team": "build" }
   */
  readonly serviceLabels?: Readonly<Record<string, string>> | undefined;
}

/** Where Docker writes the log of the replicas. */
export interface LogDriverArgs {
  /**
   * Docker's log driver, or a plugin with its tag, such as `vendor/plugin:tag`. By default, the
   * default of each node's engine. Rejected: `none`, because an update reads the log of the
   * replicas, and drivers that Docker on Linux does not have.
   * @example "local"
   */
  readonly name?: string | undefined;
  /**
   * Options of the log driver. Requires `name`. Rejected: options that the driver does not have,
   * `cache-disabled`, and secrets, which everybody who can list services could read.
   * @example { "max-size": "10m", "max-file": "3" }
   */
  readonly options?: Readonly<Record<string, string>> | undefined;
}
