import { scaleTo, verticalGrid } from "./axis";
import type { Verdict } from "./judge";
import { element, label, picture } from "./svg";

const WIDTH = 860;
const LEFT = 440;
const ROW = 24;
const TOP = 50;
/** Beyond this share of its bar a value is drawn at the edge. */
const MOST = 1.6;

/** Every figure as a share of its bar: what is left of the line is within it. */
export function drawBars(verdicts: readonly Verdict[]): string {
  const shown = verdicts.filter(({ limit = 0 }) => limit > 0);
  const bottom = TOP + shown.length * ROW;
  const scale = scaleTo(MOST * 100, LEFT, WIDTH - 30, 8);
  const bar = scale.at(100);
  return picture(
    WIDTH,
    bottom + 30,
    label(10, 20, "Each figure as a share of its bar", { class: "title" }),
    label(
      10,
      37,
      "median, and minimum to maximum; the dashed line is the bar; what is above 160 % is drawn at the edge",
      { class: "note" },
    ),
    verticalGrid(scale, TOP, bottom, " %"),
    ...shown.map((verdict, i) => drawRow(verdict, TOP + (i + 0.5) * ROW, scale.at)),
    element("line", { x1: bar, x2: bar, y1: TOP, y2: bottom, class: "bar" }),
  );
}

function drawRow(
  { figure, ours, limit = NaN }: Verdict,
  y: number,
  at: (percent: number) => number,
): string {
  const place = (value: number): number => at(100 * Math.min(MOST, value / limit));
  const { min, max } = ours;
  return (
    label(LEFT - 12, y + 4, figure.title.replace(/`/g, ""), { class: "end" }) +
    element("line", { x1: place(min), x2: place(max), y1: y, y2: y, class: "ours" }) +
    element("circle", { cx: place(ours.median), cy: y, r: 5, class: "ours" })
  );
}
