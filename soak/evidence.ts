import type { GitlabEvent, JobStatus } from "../fake-gitlab";
import type { KillTarget } from "../tests/support/kill-target";

/** Something that GitLab or Docker saw a replica do. */
export interface Observation {
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * - `verified`: the replica started and presented its token.
   * - `polled`: GitLab answered its request for a job, so the replica was accepting jobs.
   * - `ended`: the replica received a stop signal or died, and no other replica with this system ID
   *   was alive.
   * - `created`, `removed`: GitLab created or removed its manager.
   */
  readonly kind: "verified" | "polled" | "ended" | "created" | "removed";
  readonly systemId: string;
}

/** A replica that was killed with SIGKILL. */
export interface Kill {
  /** When it was certainly dead, in epoch milliseconds. */
  readonly at: number;
  readonly target: KillTarget;
  readonly systemId: string;
  readonly containerId: string;
  /** Whether a replica with the same system ID has replaced it. */
  readonly back: boolean;
}

export interface JobRecord {
  readonly id: number;
  readonly status: JobStatus;
  readonly failureReason: string | null;
  readonly systemId: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** What is missing in its log; undefined if the log is complete. */
  readonly logGap: string | undefined;
}

/** An action that failed. */
export interface Failure {
  readonly what: string;
  readonly message: string;
}

/** Everything that `judge` needs to know about a soak. */
export interface Evidence {
  /** When the soak started, in epoch milliseconds. */
  readonly startedAt: number;
  readonly jobs: readonly JobRecord[];
  readonly kills: readonly Kill[];
  /** In chronological order. */
  readonly observations: readonly Observation[];
  readonly failures: readonly Failure[];
  /** System IDs that two replicas used at the same time. */
  readonly shared: readonly string[];
  /** System IDs at the end of the soak: of running replicas, and of the managers in GitLab. */
  readonly living: readonly string[];
  readonly managers: readonly string[];
  /** Runners in GitLab that the soak did not create. */
  readonly unexpectedRunners: readonly number[];
  /** What remains in Docker and GitLab after the pool was destroyed. */
  readonly leftovers: readonly string[];
}

/** The statuses with which GitLab answers a job request of a runner that it accepts. */
const ACCEPTED: readonly (number | null)[] = [201, 204, 409];

/** Reads what a GitLab event shows about a replica; undefined if nothing. */
export function readObservation(event: GitlabEvent): Observation | undefined {
  const { at } = event;
  if (event.kind === "manager") {
    return { at, kind: event.change, systemId: event.systemId };
  }
  if (event.kind !== "request") return undefined;
  const { endpoint, status, systemId } = event;
  if (systemId === null) return undefined;
  if (endpoint === "POST /runners/verify" && status === 200) {
    return { at, kind: "verified", systemId };
  }
  if (endpoint === "POST /jobs/request" && ACCEPTED.includes(status)) {
    return { at, kind: "polled", systemId };
  }
  return undefined;
}

/**
 * Finds what is missing in the log of a job that writes `tick 1` to `tick N`, one a second.
 * @returns undefined if the log is complete
 */
export function findLogGap(log: string, seconds: number): string | undefined {
  const ticks = [...log.matchAll(/^tick (\d+)$/gm)].map(([, n]) => Number(n));
  if (ticks.length === 0) return `log has none of ${seconds} ticks`;
  if (ticks.length !== seconds || !ticks.every((n, i) => n === i + 1)) {
    return `log has ticks ${ticks.join(", ")} of ${seconds}`;
  }
  return log.includes("Job succeeded") ? undefined : "log is cut off at the end";
}
