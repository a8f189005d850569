import type { SeriesName } from "./series";

export type Unit = "s" | "MB" | "% of a core" | "a minute" | "";

/** Median of a series that was measured. */
export type MedianOf = (series: SeriesName) => number;

/**
 * One line of the table: what is measured, with what it is compared, and the bar that its median must not exceed. A line
 * without a limit is there to be known.
 */
export interface Figure {
  readonly title: string;
  readonly unit: Unit;
  readonly ours: SeriesName;
  readonly theirs?: SeriesName;
  readonly limit?: (median: MedianOf) => number;
  /** What the limit is made of, where it is no plain number. */
  readonly bar?: string;
}

/** What `pulumi up` may add to doing the same by hand, beyond what a program that changes nothing takes (seconds). */
const SCALING_ALLOWANCE = 0.3;

/**
 * How long GitLab holds a poll where that is measured (seconds). GitLab itself does so for up to 50; a replica waits for
 * the answer, since a job may be in it.
 */
export const HELD_POLL_SECONDS = 5;

export const FIGURES: readonly Figure[] = [
  {
    title: "Container start to accepted by GitLab",
    unit: "s",
    ours: "register.pool",
    theirs: "register.manual",
    bar: "as fast as by hand",
    limit: (median) => median("register.manual"),
  },
  {
    title: "2 to 4 replicas, until all are online",
    unit: "s",
    ours: "scaleUp.pool",
    theirs: "scaleUp.manual",
    bar: "by hand + unchanged `up` of the bare program + 0.3 s",
    limit: (median) => median("scaleUp.manual") + median("upUnchanged.bare") + SCALING_ALLOWANCE,
  },
  {
    title: "2 to 4 replicas, until `pulumi up` has returned too",
    unit: "s",
    ours: "scaleUpReturned.pool",
  },
  {
    title: "4 to 2 replicas, until both are gone from GitLab",
    unit: "s",
    ours: "scaleDown.pool",
    theirs: "scaleDown.sleep",
    bar: "sleep tasks by hand + unchanged `up` of the bare program + 0.3 s",
    limit: (median) => median("scaleDown.sleep") + median("upUnchanged.bare") + SCALING_ALLOWANCE,
  },
  {
    title: "Ghosts in GitLab after 4 to 2",
    unit: "",
    ours: "ghosts.pool",
    theirs: "ghosts.manual",
    limit: () => 0,
  },
  {
    title: "Stop signal, idle, until gone from GitLab and exited",
    unit: "s",
    ours: "stopIdle.pool",
    limit: () => 0.2,
  },
  {
    title: `Stop signal, idle, while GitLab holds a poll for ${HELD_POLL_SECONDS} s`,
    unit: "s",
    ours: "stopHeld.pool",
    bar: "the poll + 0.2 s",
    limit: () => HELD_POLL_SECONDS + 0.2,
  },
  {
    title: "End of the last job until gone from GitLab and exited",
    unit: "s",
    ours: "stopBusy.pool",
    limit: () => 0.5,
  },
  {
    title: "`pulumi preview`, nothing to change",
    unit: "s",
    ours: "preview.pool",
    theirs: "preview.bare",
    bar: "1.15 × bare program",
    limit: (median) => 1.15 * median("preview.bare"),
  },
  {
    title: "`pulumi up`, nothing to change",
    unit: "s",
    ours: "upUnchanged.pool",
    theirs: "upUnchanged.bare",
    bar: "1.15 × bare program",
    limit: (median) => 1.15 * median("upUnchanged.bare"),
  },
  {
    title: "First `pulumi up`, until 2 replicas are online",
    unit: "s",
    ours: "firstUp.pool",
    limit: () => 5,
  },
  {
    title: "First `pulumi up`, until it has returned too",
    unit: "s",
    ours: "firstUpReturned.pool",
    theirs: "firstUpReturned.bare",
  },
  {
    title: "Memory of an idle replica beyond gitlab-runner's (PSS)",
    unit: "MB",
    ours: "memory.pool",
    theirs: "memory.manual",
    limit: () => 2,
  },
  {
    title: "CPU of an idle replica beyond gitlab-runner's, health check included",
    unit: "% of a core",
    ours: "cpu.pool",
    theirs: "cpu.manual",
    limit: () => 0.1,
  },
  {
    title: "Requests to GitLab of an idle replica",
    unit: "a minute",
    ours: "requests.pool",
    theirs: "requests.manual",
    bar: "gitlab-runner's own",
    limit: (median) => median("requests.manual"),
  },
  {
    title: "What the image adds to its base, compressed",
    unit: "MB",
    ours: "imageSize.pool",
    limit: () => 45,
  },
  {
    title: "Time per added replica, at 50 replicas against the first ones",
    unit: "",
    ours: "growthTime.pool",
    theirs: "growthTime.manual",
    bar: "flat, or as by hand",
    limit: (median) => Math.max(1.25, median("growthTime.manual")),
  },
  {
    title: "Our memory per replica, at 50 replicas against the first ones",
    unit: "",
    ours: "growthMemory.pool",
    theirs: "growthMemory.manual",
    bar: "flat",
    limit: () => 1.1,
  },
  {
    title: "Engine calls beyond inspection to build an unchanged image",
    unit: "",
    ours: "engineCalls.pool",
    limit: () => 0,
  },
];
