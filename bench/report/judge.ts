import type { Figure } from "../figures";
import type { Measured, SeriesName } from "../series";
import { median, summarize, type Summary } from "./statistics";

/** A figure with its values and whether its bar is met. */
export interface Verdict {
  readonly figure: Figure;
  readonly ours: Summary;
  /** Undefined where there is nothing to compare with. */
  readonly theirs: Summary | undefined;
  /** Our median over theirs; undefined without one, and where theirs is zero. */
  readonly ratio: number | undefined;
  /** Largest allowed median, in the figure's unit; undefined where there is no bar. */
  readonly limit: number | undefined;
  readonly met: boolean | undefined;
}

/**
 * Holds what was measured against the bars.
 * @returns a verdict for each figure whose own values and those that its bar needs are there
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
    return [verdict(figure, summarize(values), summaryOf(measured, figure.theirs), limit)];
  });
}

function summaryOf(measured: Measured, series: SeriesName | undefined): Summary | undefined {
  const values = series === undefined ? undefined : measured[series];
  return values === undefined ? undefined : summarize(values);
}

function verdict(
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
