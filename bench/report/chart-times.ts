import { SUBJECTS, getSubject, type Measured, type SeriesName } from "../series";
import { scaleTo, verticalGrid } from "./axis";
import type { Verdict } from "./judge";
import { median } from "./statistics";
import { element, label, picture } from "./svg";

const WIDTH = 860;
const LEFT = 120;
const RIGHT = WIDTH - 30;
const ROW = 22;
const HEAD = 26;
const FOOT = 34;

/**
 * Draws all values of the figures that are times. Each figure has one panel, with this project's
 * values above those of the other subject.
 */
export function drawTimes(verdicts: readonly Verdict[], measured: Measured): string {
  let y = 10;
  const panels = verdicts
    .filter(({ figure }) => figure.unit === "s")
    .map((verdict) => {
      const panel = drawPanel(verdict, measured, y);
      y = panel.bottom;
      return panel.text;
    });
  return picture(WIDTH, y, ...panels);
}

function drawPanel(
  { figure, limit }: Verdict,
  measured: Measured,
  top: number,
): { readonly text: string; readonly bottom: number } {
  const names = [figure.ours, ...(figure.theirs === undefined ? [] : [figure.theirs])];
  const rows = names.map((name) => ({ name, values: measured[name] ?? [] }));
  const start = top + HEAD;
  const end = start + rows.length * ROW;
  const largest = Math.max(limit ?? 0, ...rows.flatMap(({ values }) => values));
  const scale = scaleTo(largest, LEFT, RIGHT, 8);
  const text =
    label(10, top + 16, figure.title.replace(/`/g, ""), { class: "title" }) +
    verticalGrid(scale, start, end, " s") +
    rows.map((row, i) => drawRow(row, start + (i + 0.5) * ROW, scale.at)).join("") +
    (limit === undefined ? "" : drawTarget(scale.at(limit), start, end));
  return { text, bottom: end + FOOT };
}

function drawTarget(x: number, start: number, end: number): string {
  return element("line", { x1: x, x2: x, y1: start - 4, y2: end + 2, class: "target" });
}

function drawRow(
  { name, values }: { readonly name: SeriesName; readonly values: readonly number[] },
  y: number,
  at: (value: number) => number,
): string {
  if (values.length === 0) return "";
  const subject = getSubject(name);
  const colour = subject === "pool" ? "ours" : "theirs";
  const middle = at(median(values));
  const dots = values.map((value) =>
    element("circle", { cx: at(value), cy: y, r: 4, class: `${colour} dot` }),
  );
  return (
    label(LEFT - 12, y + 4, SUBJECTS[subject], { class: "end" }) +
    dots.join("") +
    element("line", { x1: middle, x2: middle, y1: y - 8, y2: y + 8, class: `${colour} median` })
  );
}
