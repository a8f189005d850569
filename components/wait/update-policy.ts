import { formatDuration } from "../../contract/duration";
import { defaultOf, type SettingKey } from "../../contract/settings/keys";
import type { PoolSettings } from "../settings/pool-settings";
import type { Snapshot } from "./snapshot";

/** How Swarm replaces the replicas of a pool. */
export type UpdatePolicy = PoolSettings["update"] & {
  /** Names a setting as the user wrote it, for messages. */
  readonly nameOf: (key: SettingKey) => string;
};

/** How long Swarm may wait for an old replica with `stop-first`, before it starts the new one. */
const STOP_SECONDS = 60;

/** States in which Swarm has stopped the update of a service. */
const STOPPED = new Set(["paused", "rollback_started", "rollback_paused", "rollback_completed"]);

/**
 * How long Swarm may need to see that a replica is healthy, before it replaces the next ones.
 * Engines before version 25 check for the first time after 45 s.
 */
const HEALTH_SECONDS = 60;

/** How far an update has come. */
export interface Progress {
  /** Increases when a new replica is created, or comes online. */
  readonly steps: number;
  /** When `steps` increased for the last time. */
  readonly sinceMs: number;
}

/** When a wait ends, and the duration in a message about its end. */
export interface Deadline {
  readonly atMs: number;
  /** What the wait is for: that replicas come online, or that Swarm ends the update. */
  readonly awaits: "replicas" | "update";
  readonly description: string;
}

/** Whether Swarm has paused the update of a service, or undoes it. */
export function isStopped(update: Snapshot["update"]): boolean {
  return STOPPED.has(update?.state ?? "");
}

/**
 * Whether Swarm watches replicas for which a wait must not end. With the default of
 * `update.monitor`, it does not wait: Swarm counts from the health check, which would delay each
 * update by up to a minute.
 */
export function isWatching({ monitor }: UpdatePolicy, update: Snapshot["update"]): boolean {
  return update?.state === "updating" && monitor > (defaultOf("update.monitor") ?? 0);
}

/**
 * Returns when the wait for the end of an update ends whose replicas have all come online. It is
 * never earlier than the deadline for them.
 * @param progress the last step of which is the last replica that came online
 */
export function extendDeadline(
  deadline: Deadline,
  { monitor, nameOf }: UpdatePolicy,
  progress: Progress,
): Deadline {
  const seconds = HEALTH_SECONDS + monitor;
  const atMs = progress.sinceMs + seconds * 1000;
  if (atMs <= deadline.atMs) return deadline;
  const rest = `${nameOf("update.monitor")} and ${formatDuration(HEALTH_SECONDS)} for Swarm`;
  return {
    ...{ atMs, awaits: "update" },
    description: `within ${formatDuration(seconds)} after the last replica came online (${rest})`,
  };
}

/** Continues the progress of an update. */
export function advance(last: Progress, steps: number, nowMs: number): Progress {
  return steps > last.steps ? { steps, sinceMs: nowMs } : last;
}

/**
 * Returns when a wait must end. A pool that is created or scaled has `onlineTimeout` for all
 * replicas. So has an update that replaces all replicas at once. An update in groups has
 * `onlineTimeout` for each group, after the time that Swarm itself waits before it.
 * @param update the status of the update; undefined if the service could not be read
 */
export function findDeadline(
  timeoutSeconds: number,
  startMs: number,
  policy: UpdatePolicy,
  update: Snapshot["update"],
  progress: Progress,
): Deadline {
  const { nameOf } = policy;
  const timeoutName = nameOf("onlineTimeout");
  if (update?.state !== "updating") return atEnd(timeoutSeconds, timeoutName);
  const isStopFirst = policy.order === "stop-first";
  const all = timeoutSeconds + (isStopFirst ? STOP_SECONDS : 0);
  const reason = isStopFirst
    ? `${timeoutName} and ${formatDuration(STOP_SECONDS)} for ${nameOf("update.order")}`
    : timeoutName;
  if (policy.parallelism === 0) return atEnd(all, reason);
  const group = all + policy.delay + HEALTH_SECONDS;
  const atMs = progress.sinceMs + group * 1000;
  return {
    ...{ atMs: Math.max(atMs, startMs + all * 1000), awaits: "replicas" },
    description: `are online, and the update made no progress for ${formatDuration(group)} (${timeoutName}, ${nameOf("update.delay")} and ${formatDuration(group - timeoutSeconds - policy.delay)} for Swarm)`,
  };

  function atEnd(seconds: number, why: string): Deadline {
    const description = `were online after ${formatDuration(seconds)} (${why})`;
    return { atMs: startMs + seconds * 1000, awaits: "replicas", description };
  }
}

/** Whether the update may continue when a new replica fails for good. */
export function toleratesFailures({ failureAction, maxFailureRatio }: UpdatePolicy): boolean {
  return failureAction === "continue" || maxFailureRatio > 0;
}
