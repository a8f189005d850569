import type { SeriesName } from "./series";

export type Unit = "s" | "MB" | "% of a core" | "per minute" | "";

/** Returns the median of a measured series. */
export type MedianOf = (series: SeriesName) => number;

/**
 * One row of the table: what is measured, what it is compared with, and the target that its median
 * must not exceed. A row without a limit is for information only.
 */
export interface Figure {
  readonly title: string;
  readonly unit: Unit;
  readonly ours: SeriesName;
  readonly theirs?: SeriesName;
  readonly limit?: (median: MedianOf) => number;
  /** How the limit is calculated, if it is not a constant. */
  readonly formula?: string;
}

/**
 * How much longer scaling with `pulumi up` may take than `docker service scale`, in addition to an
 * `up` of the bare program with no changes.
 */
const SCALING_ALLOWANCE_SECONDS = 0.3;

/**
 * How long the fake GitLab holds a poll when that is measured. GitLab holds a poll for up to 50 s.
 * A replica waits for the answer, because it may contain a job.
 */
export const HELD_POLL_SECONDS = 5;

export const FIGURES: readonly Figure[] = [
  {
    title: "Container start until GitLab accepts the replica",
    unit: "s",
    ours: "register.pool",
    theirs: "register.manual",
    formula: "manual setup",
    limit: (median) => median("register.manual"),
  },
  {
    title: "Scale from 2 to 4, until all replicas are online",
    unit: "s",
    ours: "scaleUp.pool",
    theirs: "scaleUp.manual",
    formula: "manual setup + `up` of the bare program with no changes + 0.3 s",
    limit: (median) =>
      median("scaleUp.manual") + median("upUnchanged.bare") + SCALING_ALLOWANCE_SECONDS,
  },
  {
    title: "Scale from 2 to 4, until `pulumi up` has also returned",
    unit: "s",
    ours: "scaleUpReturned.pool",
  },
  {
    title: "Scale from 4 to 2, until both replicas are deregistered",
    unit: "s",
    ours: "scaleDown.pool",
    theirs: "scaleDown.sleep",
    formula: "sleep service + `up` of the bare program with no changes + 0.3 s",
    limit: (median) =>
      median("scaleDown.sleep") + median("upUnchanged.bare") + SCALING_ALLOWANCE_SECONDS,
  },
  {
    title: "Stale managers in GitLab after scaling from 4 to 2",
    unit: "",
    ours: "staleManagers.pool",
    theirs: "staleManagers.manual",
    limit: () => 0,
  },
  {
    title: "Idle: stop signal until deregistered and exited",
    unit: "s",
    ours: "stopIdle.pool",
    limit: () => 0.2,
  },
  {
    title: `Idle, poll held for ${HELD_POLL_SECONDS} s: stop signal until deregistered and exited`,
    unit: "s",
    ours: "stopHeld.pool",
    formula: "the poll + 0.2 s",
    limit: () => HELD_POLL_SECONDS + 0.2,
  },
  {
    title: "Draining: end of the last job until deregistered and exited",
    unit: "s",
    ours: "stopBusy.pool",
    limit: () => 0.5,
  },
  {
    title: "`pulumi preview` with no changes",
    unit: "s",
    ours: "preview.pool",
    theirs: "preview.bare",
    formula: "1.15 × bare program",
    limit: (median) => 1.15 * median("preview.bare"),
  },
  {
    title: "`pulumi up` with no changes",
    unit: "s",
    ours: "upUnchanged.pool",
    theirs: "upUnchanged.bare",
    formula: "1.15 × bare program",
    limit: (median) => 1.15 * median("upUnchanged.bare"),
  },
  {
    title: "First `pulumi up`, until 2 replicas are online",
    unit: "s",
    ours: "firstUp.pool",
    limit: () => 5,
  },
  {
    title: "First `pulumi up`, until it has also returned",
    unit: "s",
    ours: "firstUpReturned.pool",
    theirs: "firstUpReturned.bare",
  },
  {
    title: "Memory (PSS) of an idle replica, excluding gitlab-runner",
    unit: "MB",
    ours: "memory.pool",
    theirs: "memory.manual",
    limit: () => 2,
  },
  {
    title: "CPU of an idle replica and its health check, excluding gitlab-runner",
    unit: "% of a core",
    ours: "cpu.pool",
    theirs: "cpu.manual",
    limit: () => 0.1,
  },
  {
    title: "Requests of an idle replica to GitLab",
    unit: "per minute",
    ours: "requests.pool",
    theirs: "requests.manual",
    formula: "gitlab-runner alone",
    limit: (median) => median("requests.manual"),
  },
  {
    title: "Compressed size that the image adds to its base image",
    unit: "MB",
    ours: "imageSize.pool",
    limit: () => 45,
  },
  {
    title: "Time per added replica at 50 replicas, relative to the first step",
    unit: "",
    ours: "growthTime.pool",
    theirs: "growthTime.manual",
    formula: "the larger of 1.25 and manual setup",
    limit: (median) => Math.max(1.25, median("growthTime.manual")),
  },
  {
    title: "Memory per replica at 50 replicas, relative to the first step",
    unit: "",
    ours: "growthMemory.pool",
    theirs: "growthMemory.manual",
    limit: () => 1.1,
  },
  {
    title: "Calls that write to Docker's API in `pulumi up` with no changes",
    unit: "",
    ours: "engineCalls.pool",
    limit: () => 0,
  },
];
