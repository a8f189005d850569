/** What the container of a replica may do. */
export interface HardeningArgs {
  /**
   * Linux capabilities of a replica's container, such as `NET_ADMIN`, in addition to those that its
   * executor needs: none with the docker executor on the node's own engine, and KILL, SETGID and
   * SETUID with the shell executor. `ALL` is rejected. Jobs of the shell executor run in this
   * container. Those of the docker executor do not; for them, set `docker.capAdd`. A change
   * replaces all replicas.
   * @example ["NET_RAW"]
   */
  readonly capAdd?: string | readonly string[] | undefined;
  /**
   * Whether the root file system of a replica's container is read-only. Then `/tmp` and
   * gitlab-runner's working directory, `/home/gitlab-runner`, are in memory. Job containers are not
   * affected. Rejected with the shell executor, whose jobs use the replica's file system. A change
   * replaces all replicas. Default: it is read-only.
   * @example false
   */
  readonly readOnlyRoot?: boolean | undefined;
}
