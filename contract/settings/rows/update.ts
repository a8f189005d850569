import { DAY_SECONDS, duration } from "../../duration";
import { MAX_REPLICAS } from "../../values";
import type { Setting } from "../setting";
import { integer, oneOf } from "../types/plain";
import { ratio } from "../types/ratio";

/** How Swarm replaces the replicas when their specification changes. */
export const UPDATE_ROWS = {
  "update.parallelism": {
    topic: "Replicas and updates",
    type: integer(0, MAX_REPLICAS),
    scope: "pool",
    default: 0,
    description: "How many replicas an update replaces at once. `0` replaces all of them at once.",
  },
  "update.delay": {
    topic: "Replicas and updates",
    type: duration(0, DAY_SECONDS),
    scope: "pool",
    default: "0s",
    description: "How long an update waits between two groups of `update.parallelism` replicas.",
  },
  "update.order": {
    topic: "Replicas and updates",
    type: oneOf(["start-first", "stop-first"]),
    scope: "pool",
    default: "start-first",
    description:
      "Whether an update starts the new replica before it stops the old one, or stops the old one first. With `stop-first`, a replica that drains has no replacement for up to a minute.",
  },
  "update.failureAction": {
    topic: "Replicas and updates",
    type: oneOf(["rollback", "pause", "continue"]),
    scope: "pool",
    default: "rollback",
    description:
      "What Swarm does when a new replica fails: `rollback` returns to the previous replicas, `pause` leaves the pool as it is, `continue` replaces the other replicas, too.",
  },
  "update.monitor": {
    topic: "Replicas and updates",
    type: duration(1, 3600),
    scope: "pool",
    default: "5s",
    description:
      "How long Swarm watches a new replica after it is healthy. If the replica ends before that time is over, the update has failed for this replica.",
  },
  "update.maxFailureRatio": {
    topic: "Replicas and updates",
    type: ratio,
    scope: "pool",
    default: 0,
    description:
      "Fraction of the new replicas that may fail before `update.failureAction` applies, from 0 to 1 in steps of 0.1.",
  },
} as const satisfies Record<string, Setting>;
