import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../../contract/duration";

/** How many replicas run, and how they start and stop. */
export interface ReplicaArgs {
  /**
   * Number of replicas, 0 to 1000. When you lower it, the removed replicas finish their jobs and
   * deregister. Rejected together with `mode: "global"`.
   * @default 2
   * @example 4
   */
  readonly replicas?: pulumi.Input<number> | undefined;
  /**
   * How Swarm distributes the replicas: `replicated` runs the number in `replicas`, `global` runs
   * one on each node, including nodes that join later. A change drains the pool and creates its
   * service again.
   * @default "replicated"
   * @example "global"
   */
  readonly mode?: "replicated" | "global" | undefined;
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
}
