import type * as docker from "@pulumi/docker";
import { formatGoDuration } from "../go-duration";

/** Builds how Swarm updates the replicas, and how it rolls a failed update back. */
export function buildUpdateSpec(): Pick<docker.ServiceArgs, "updateConfig" | "rollbackConfig"> {
  return {
    updateConfig: {
      // Replace all replicas at once, starting new ones first: long drains then do not add up.
      parallelism: 0,
      order: "start-first",
      failureAction: "rollback",
      delay: formatGoDuration(0),
      monitor: formatGoDuration(5),
      maxFailureRatio: "0.0",
    },
    rollbackConfig: {
      parallelism: 0,
      order: "start-first",
      failureAction: "pause",
      delay: formatGoDuration(0),
      monitor: formatGoDuration(5),
      maxFailureRatio: "0.0",
    },
  };
}
