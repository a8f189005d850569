/**
 * The series of measured values. The word after the dot names the subject: `pool` is this project,
 * `manual` the manual setup (bench/manual), `bare` the same resources in one plain program
 * (bench/bare), and `sleep` a service whose tasks only sleep.
 */
export const SERIES = [
  "register.pool",
  "register.manual",
  "scaleUp.pool",
  "scaleUp.manual",
  "scaleUpReturned.pool",
  "scaleDown.pool",
  "scaleDown.sleep",
  "staleManagers.pool",
  "staleManagers.manual",
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

/** Measured values by series. A series that was not measured is missing. */
export type Measured = Partial<Readonly<Record<SeriesName, readonly number[]>>>;

/** Names of the subjects in the table and the charts. */
export const SUBJECTS = {
  pool: "this project",
  manual: "manual setup",
  bare: "bare program",
  sleep: "sleep service",
} as const;

export type Subject = keyof typeof SUBJECTS;

export function getSubject(series: SeriesName): Subject {
  return series.slice(series.indexOf(".") + 1) as Subject;
}

/** Collects measured values in the order of measurement. */
export class Recorder {
  private readonly lists = new Map<SeriesName, number[]>();

  /** Adds values, rounded to four decimals: a tenth of a millisecond. */
  add(series: SeriesName, ...values: readonly number[]): void {
    const list = this.lists.get(series) ?? [];
    const rounded = values.map((value) => Math.round(value * 1e4) / 1e4);
    this.lists.set(series, [...list, ...rounded]);
  }

  get measured(): Measured {
    return Object.fromEntries(this.lists);
  }
}
