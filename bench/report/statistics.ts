/** What a row of the table shows about its values. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error if `values` is empty */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new Error("nothing was measured");
  return { count: sorted.length, median: findMiddle(sorted), min, max };
}

/** Returns the middle value, or the mean of the two middle values. */
function findMiddle(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}

/** @throws Error if `values` is empty */
export function median(values: readonly number[]): number {
  return summarize(values).median;
}
