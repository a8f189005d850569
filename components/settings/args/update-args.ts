import type { Duration } from "../../../contract/duration";

/** How Swarm replaces the replicas when their specification changes. */
export interface UpdateArgs {
  /**
   * How many replicas an update replaces at once, 0 to 1000. `0` replaces all of them at once, so
   * that their drains run in parallel.
   * @default 0
   * @example 1
   */
  readonly parallelism?: number | undefined;
  /**
   * How long an update waits between two groups of `parallelism` replicas, at most 1 day, as a
   * string or a number of seconds. An update waits for the replicas longer by these delays.
   * @default "0s"
   * @example "10s"
   */
  readonly delay?: Duration | undefined;
  /**
   * Which replica comes first: `start-first` starts the new one, and stops the old one once the new
   * one is online. `stop-first` stops the old one first, and starts the new one when the old one
   * has drained, or after a minute.
   * @default "start-first"
   * @example "stop-first"
   */
  readonly order?: "start-first" | "stop-first" | undefined;
  /**
   * What Swarm does when a new replica fails. `rollback` returns to the previous replicas. `pause`
   * leaves the pool as it is. `continue` replaces the other replicas, too. The update fails with
   * each of them, and names the replicas that failed.
   * @default "rollback"
   * @example "pause"
   */
  readonly failureAction?: "rollback" | "pause" | "continue" | undefined;
  /**
   * How long Swarm watches a new replica after it is healthy, 1 second to 1 hour, as a string or a
   * number of seconds. If the replica ends before that time is over, the update has failed for this
   * replica. With more than the default, the update also waits for that time, to fail with the
   * replica.
   * @default "5s"
   * @example "30s"
   */
  readonly monitor?: Duration | undefined;
  /**
   * Fraction of the new replicas that may fail before `failureAction` applies, from 0 to 1.
   * Rejected: more than one decimal, which the provider does not read back.
   * @default 0
   * @example 0.2
   */
  readonly maxFailureRatio?: number | `${number}` | undefined;
}
