/**
 * What is measured, one list of values each. The word behind the dot says whose values they are: `pool` is this project,
 * `manual` the first version of the idea (bench/manual), `bare` the same resources in one plain file (bench/bare), and
 * `sleep` a service that only sleeps.
 */
export const SERIES = [
  "register.pool",
  "register.manual",
  "scaleUp.pool",
  "scaleUp.manual",
  "scaleUpReturned.pool",
  "scaleDown.pool",
  "scaleDown.sleep",
  "ghosts.pool",
  "ghosts.manual",
  "stopIdle.pool",
  "stopHeld.pool",
  "stopBusy.pool",
  "preview.pool",
  "preview.bare",
  "upUnchanged.pool",
  "upUnchanged.bare",
  "firstUp.pool",
  "firstUpReturned.pool",
  "firstUpReturned.bare",
  "memory.pool",
  "memory.manual",
  "cpu.pool",
  "cpu.manual",
  "requests.pool",
  "requests.manual",
  "imageSize.pool",
  "growthTime.pool",
  "growthTime.manual",
  "growthMemory.pool",
  "growthMemory.manual",
  "engineCalls.pool",
] as const;

export type SeriesName = (typeof SERIES)[number];

/** Values by series; a series that was not measured is not there. */
export type Measured = Partial<Readonly<Record<SeriesName, readonly number[]>>>;

/** Whose values a series holds, in words. */
export const SUBJECTS = {
  pool: "this project",
  manual: "by hand",
  bare: "bare program",
  sleep: "sleep by hand",
} as const;

export type Subject = keyof typeof SUBJECTS;

export function subjectOf(series: SeriesName): Subject {
  return series.slice(series.indexOf(".") + 1) as Subject;
}

/** Takes up what is measured, in the order in which it comes. */
export class Recorder {
  private readonly lists = new Map<SeriesName, number[]>();

  /** Four decimals are kept: tenths of a millisecond. */
  add(series: SeriesName, ...values: readonly number[]): void {
    const list = this.lists.get(series) ?? [];
    const rounded = values.map((value) => Math.round(value * 1e4) / 1e4);
    this.lists.set(series, [...list, ...rounded]);
  }

  get measured(): Measured {
    return Object.fromEntries(this.lists);
  }
}
