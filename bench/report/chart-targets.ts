import { scaleTo, verticalGrid } from "./axis";
import type { Verdict } from "./judge";
import { element, label, picture } from "./svg";

const WIDTH = 860;
const LEFT = 450;
const ROW = 24;
const TOP = 50;
/** Values above this share of their target are drawn at the right edge. */
const MAX_SHARE = 1.6;

/** Draws every figure as a share of its target. A figure left of the line meets its target. */
export function drawTargets(verdicts: readonly Verdict[]): string {
  const shown = verdicts.filter(({ limit = 0 }) => limit > 0);
  const bottom = TOP + shown.length * ROW;
  const scale = scaleTo(MAX_SHARE * 100, LEFT, WIDTH - 30, 8);
  const target = scale.at(100);
  return picture(
    WIDTH,
    bottom + 30,
    label(10, 20, "Each figure as a share of its target", { class: "title" }),
    label(
      10,
      37,
      "dot: median; line: minimum to maximum; dashed line: target; values above 160 % are at the edge",
      { class: "note" },
    ),
    verticalGrid(scale, TOP, bottom, " %"),
    ...shown.map((verdict, i) => drawRow(verdict, TOP + (i + 0.5) * ROW, scale.at)),
    element("line", { x1: target, x2: target, y1: TOP, y2: bottom, class: "target" }),
  );
}

function drawRow(
  { figure, ours, limit = NaN }: Verdict,
  y: number,
  at: (percent: number) => number,
): string {
  const place = (value: number): number => at(100 * Math.min(MAX_SHARE, value / limit));
  const { min, max } = ours;
  return (
    label(LEFT - 12, y + 4, figure.title.replace(/`/g, ""), { class: "end" }) +
    element("line", { x1: place(min), x2: place(max), y1: y, y2: y, class: "ours" }) +
    element("circle", { cx: place(ours.median), cy: y, r: 5, class: "ours" })
  );
}
