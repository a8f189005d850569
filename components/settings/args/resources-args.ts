import type { Cpus } from "../../../contract/settings/types/cpus";
import type { Size } from "../../../contract/settings/types/size";

/** What a replica's own container may use of its node, and what Swarm reserves for it. */
export interface ResourcesArgs {
  /**
   * What a replica's own container may use: gitlab-runner, and the jobs of the shell executor. The
   * settings `docker.memory` and `docker.cpus` limit the jobs of the docker executor.
   */
  readonly limits?: ResourceLimitArgs | undefined;
  /** What Swarm reserves on a node for each replica. */
  readonly reservations?: ResourceReservationArgs | undefined;
}

/** What a replica's own container may use. */
export interface ResourceLimitArgs {
  /**
   * Memory limit of a replica's own container, 40 MiB to 64 TiB, as a string with a unit or a
   * number of bytes. A change replaces all replicas. By default, no limit.
   * @example "512m"
   */
  readonly memory?: Size | number | undefined;
  /**
   * Number of CPUs that a replica's own container may use, 0.01 to 1024, as a number or a string.
   * The node must have as many. A change replaces all replicas. By default, no limit.
   * @example 0.5
   */
  readonly cpus?: Cpus | undefined;
}

/** What Swarm reserves for a replica. It starts replicas only on nodes with that much left. */
export interface ResourceReservationArgs {
  /**
   * Memory that Swarm reserves for each replica, 6 MiB to 64 TiB, as a string with a unit or a
   * number of bytes. Must not exceed `resources.limits.memory`. A change replaces all replicas. By
   * default, nothing is reserved.
   * @example "256m"
   */
  readonly memory?: Size | number | undefined;
  /**
   * Number of CPUs that Swarm reserves for each replica, 0.01 to 1024, as a number or a string.
   * Must not exceed `resources.limits.cpus`. A change replaces all replicas. By default, nothing is
   * reserved.
   * @example 0.25
   */
  readonly cpus?: Cpus | undefined;
  /**
   * Numbers of generic resources that Swarm reserves for each replica, by the names in
   * `node-generic-resources` of the nodes' engines. Rejected: values that are not whole numbers,
   * because Swarm chooses which GPUs a replica gets. A change replaces all replicas. By default,
   * nothing is reserved.
   * @example { gpu: 2 }
   */
  readonly generic?: Readonly<Record<string, number | string>> | undefined;
}
