import { SUBJECTS, getSubject } from "../series";
import type { Verdict } from "./judge";
import type { Summary } from "./statistics";

const HEADER = ["figure", "this project", "compared with", "ratio", "target", "met"] as const;

/** Formats the table as Markdown: median (minimum–maximum), ratio of the medians, and target. */
export function formatTable(verdicts: readonly Verdict[]): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...verdicts.map(formatRow)];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function formatRow(verdict: Verdict): string[] {
  const { figure, ours, theirs, ratio, limit, met } = verdict;
  const { theirs: series, unit } = figure;
  const other =
    series === undefined || theirs === undefined
      ? ""
      : `${SUBJECTS[getSubject(series)]}: ${formatSummary(theirs)}`;
  return [
    figure.title + (unit === "" ? "" : ` (${unit})`),
    formatSummary(ours),
    other,
    ratio === undefined ? "" : ratio.toFixed(2),
    limit === undefined ? "" : formatLimit(limit, figure.formula),
    met === undefined ? "" : met ? "yes" : "**no**",
  ];
}

function formatLimit(limit: number, formula: string | undefined): string {
  return `≤ ${formatNumber(limit)}${formula === undefined ? "" : ` (${formula})`}`;
}

function formatSummary({ median, min, max }: Summary): string {
  if (min === max) return formatNumber(median);
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}

/** Formats with three significant digits and at most three decimals. Integers stay integers. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(decimals);
}
