import type { GitlabEvent, JobStatus } from "../../local/gitlab";
import type { Victim } from "../support/victims";

/** What GitLab saw of a replica or of its manager. */
export interface Sign {
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * - `verified`: a replica began and presented its token.
   * - `asked`: a request for a job was answered, so that it was accepting jobs.
   * - `created`, `removed`: its manager.
   */
  readonly kind: "verified" | "asked" | "created" | "removed";
  readonly runnerId: number;
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
  /** What its log lacks; undefined if it is whole. */
  readonly missing: string | undefined;
}

/** An action that did not do what it should. */
export interface Failure {
  readonly what: string;
  readonly message: string;
}

/** All that the judgement of a soak goes by. */
export interface Evidence {
  readonly jobs: readonly JobRecord[];
  readonly kills: readonly Kill[];
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
    const { change, runnerId, systemId } = event;
    return { at, kind: change, runnerId, systemId };
  }
  if (event.kind !== "request") return undefined;
  const { endpoint, status, runnerId, systemId } = event;
  if (runnerId === null || systemId === null) return undefined;
  if (endpoint === "POST /runners/verify" && status === 200) {
    return { at, kind: "verified", runnerId, systemId };
  }
  if (endpoint === "POST /jobs/request" && SERVED.includes(status)) {
    return { at, kind: "asked", runnerId, systemId };
  }
  return undefined;
}

/** What the log of a job lacks that writes `tick 1` to `tick N`, one a second; undefined if it is whole. */
export function missingIn(log: string, seconds: number): string | undefined {
  const ticks = [...log.matchAll(/^tick (\d+)$/gm)].map(([, n]) => Number(n));
  if (ticks.length !== seconds || !ticks.every((n, i) => n === i + 1)) {
    return `ticks ${ticks.join(", ")} of ${seconds}`;
  }
  return log.includes("Job succeeded") ? undefined : "its end";
}
