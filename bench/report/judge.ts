import type { Figure } from "../figures";
import type { Measured, SeriesName } from "../series";
import { median, summarize, type Summary } from "./statistics";

/** A figure with its values, and whether it meets its target. */
export interface Verdict {
  readonly figure: Figure;
  readonly ours: Summary;
  /** Undefined if the figure is not compared with another subject. */
  readonly theirs: Summary | undefined;
  /** Our median divided by theirs; undefined without theirs, and if theirs is zero. */
  readonly ratio: number | undefined;
  /** Largest allowed median, in the figure's unit; undefined if there is no target. */
  readonly limit: number | undefined;
  readonly met: boolean | undefined;
}

/**
 * Compares the measured values with the targets.
 * @returns a verdict for each figure whose values, and the values that its target needs, exist
 */
export function judge(figures: readonly Figure[], measured: Measured): Verdict[] {
  return figures.flatMap((figure) => {
    const missing = new Set<SeriesName>();
    const limit = figure.limit?.((series) => {
      const values = measured[series];
      if (values !== undefined) return median(values);
      missing.add(series);
      return NaN;
    });
    const values = measured[figure.ours];
    if (values === undefined || missing.size > 0) return [];
    return [createVerdict(figure, summarize(values), findSummary(measured, figure.theirs), limit)];
  });
}

function findSummary(measured: Measured, series: SeriesName | undefined): Summary | undefined {
  const values = series === undefined ? undefined : measured[series];
  return values === undefined ? undefined : summarize(values);
}

function createVerdict(
  figure: Figure,
  ours: Summary,
  theirs: Summary | undefined,
  limit: number | undefined,
): Verdict {
  const comparable = theirs !== undefined && theirs.median !== 0;
  return {
    figure,
    ours,
    theirs,
    ratio: comparable ? ours.median / theirs.median : undefined,
    limit,
    met: limit === undefined ? undefined : ours.median <= limit,
  };
}
