import type * as docker from "@pulumi/docker";
import type { PoolSettings } from "../../settings/pool-settings";
import { formatGoDuration } from "../go-duration";

/**
 * Builds how Swarm updates the replicas, and how it rolls a failed update back. A rollback has the
 * same order and parallelism, because the same nodes must have room for it. It does not wait
 * between groups, because the replicas that it starts have worked before. Like a failed update, it
 * stops at the first replica that fails.
 */
export function buildUpdateSpec({
  update,
}: Pick<PoolSettings, "update">): Pick<docker.ServiceArgs, "updateConfig" | "rollbackConfig"> {
  return {
    updateConfig: {
      parallelism: update.parallelism,
      order: update.order,
      failureAction: update.failureAction,
      delay: formatGoDuration(update.delay),
      monitor: formatGoDuration(update.monitor),
      maxFailureRatio: update.maxFailureRatio.toFixed(1),
    },
    rollbackConfig: {
      parallelism: update.parallelism,
      order: update.order,
      failureAction: "pause",
      delay: formatGoDuration(0),
      monitor: formatGoDuration(5),
      maxFailureRatio: "0.0",
    },
  };
}
