import type { GitlabEvent, JobStatus } from "../../local/gitlab";
import type { Victim } from "../support/victims";

/** What GitLab or Docker saw of a replica. */
export interface Sign {
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * - `verified`: it began and presented its token.
   * - `asked`: GitLab answered its request for a job, so that it was accepting jobs.
   * - `ended`: it was told to stop, or died; no other replica of this system ID was alive.
   * - `created`, `removed`: its manager in GitLab.
   */
  readonly kind: "verified" | "asked" | "ended" | "created" | "removed";
  readonly systemId: string;
}

/** A replica that was killed with SIGKILL. */
export interface Kill {
  /** When it was surely dead, epoch milliseconds. */
  readonly at: number;
  readonly victim: Victim;
  readonly systemId: string;
  readonly containerId: string;
  /** Whether a replica of the same system ID came in its place. */
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
  /** What is wrong with its log; undefined if it is whole. */
  readonly flaw: string | undefined;
}

/** An action that did not do what it should. */
export interface Failure {
  readonly what: string;
  readonly message: string;
}

/** All that the judgement of a soak goes by. */
export interface Evidence {
  /** When it began, epoch milliseconds. */
  readonly begun: number;
  readonly jobs: readonly JobRecord[];
  readonly kills: readonly Kill[];
  /** In the order of time. */
  readonly signs: readonly Sign[];
  readonly failures: readonly Failure[];
  /** System IDs after the last drain: of the replicas that live, and of the managers in GitLab. */
  readonly living: readonly string[];
  readonly managers: readonly string[];
  /** Runners in GitLab that the soak did not make. */
  readonly strangers: readonly number[];
  /** What is left in Docker and GitLab after the pool was destroyed. */
  readonly leftovers: readonly string[];
}

/** Answers to a job request that GitLab itself gives to a runner that it takes for one. */
const SERVED: readonly (number | null)[] = [201, 204, 409];

/** What an event of GitLab says about a replica; undefined if nothing. */
export function signOf(event: GitlabEvent): Sign | undefined {
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
  if (endpoint === "POST /jobs/request" && SERVED.includes(status)) {
    return { at, kind: "asked", systemId };
  }
  return undefined;
}

/** What is wrong with the log of a job that writes `tick 1` to `tick N`, one a second; undefined if it is whole. */
export function flawIn(log: string, seconds: number): string | undefined {
  const ticks = [...log.matchAll(/^tick (\d+)$/gm)].map(([, n]) => Number(n));
  if (ticks.length === 0) return `its log has none of ${seconds} ticks`;
  if (ticks.length !== seconds || !ticks.every((n, i) => n === i + 1)) {
    return `its log has the ticks ${ticks.join(", ")} of ${seconds}`;
  }
  return log.includes("Job succeeded") ? undefined : "its log has no end";
}
