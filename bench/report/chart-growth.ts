import { SUBJECTS } from "../series";
import { scaleTo, verticalGrid, type Scale } from "./axis";
import { element, label, picture } from "./svg";

/** The result of one step of a growing pool. */
export interface GrowthPoint {
  /** Replicas after the step. */
  readonly replicas: number;
  readonly secondsPerAdded: number;
  /** Memory per replica (PSS) in MB, excluding gitlab-runner. */
  readonly memory: number;
}

/** A pool that grows step by step, with this project and in the manual setup. */
export interface Growth {
  readonly pool: readonly GrowthPoint[];
  readonly manual: readonly GrowthPoint[];
}

const WIDTH = 860;
const HEIGHT = 260;
const TOP = 50;
const BOTTOM = HEIGHT - 40;

/** Draws two panels over the number of replicas: time per added replica and memory per replica. */
export function drawGrowth(growth: Growth): string {
  return picture(
    WIDTH,
    HEIGHT,
    drawPanel(growth, "Seconds per added replica", 10, ({ secondsPerAdded }) => secondsPerAdded),
    drawPanel(
      growth,
      "MB per replica, excluding gitlab-runner",
      WIDTH / 2 + 10,
      ({ memory }) => memory,
    ),
    legend(),
  );
}

function drawPanel(
  { pool, manual }: Growth,
  title: string,
  left: number,
  value: (point: GrowthPoint) => number,
): string {
  const points = [...pool, ...manual];
  const right = left + WIDTH / 2 - 50;
  const largest = Math.max(0, ...points.map(({ replicas }) => replicas));
  const x = scaleTo(largest, left + 40, right);
  const y = scaleTo(Math.max(0, ...points.map(value)), BOTTOM, TOP, 4);
  const line = (subject: readonly GrowthPoint[], colour: string): string => {
    const at = subject.map((p) => `${x.at(p.replicas).toFixed(1)},${y.at(value(p)).toFixed(1)}`);
    return element("polyline", { points: at.join(" "), class: `${colour} line` });
  };
  return (
    label(left, 20, title, { class: "title" }) +
    verticalGrid(x, TOP, BOTTOM, "") +
    label(right, BOTTOM + 30, "replicas in the pool", { class: "note end" }) +
    horizontalGrid(y, left + 40, right) +
    line(manual, "theirs") +
    line(pool, "ours")
  );
}

function horizontalGrid(scale: Scale, left: number, right: number): string {
  return scale.ticks
    .map((tick) => {
      const y = scale.at(tick);
      const line = element("line", { x1: left, x2: right, y1: y, y2: y, class: "axis" });
      return line + label(left - 6, y + 4, String(tick), { class: "note end" });
    })
    .join("");
}

function legend(): string {
  return (["pool", "manual"] as const)
    .map((subject, i) => {
      const x = 10 + i * 110;
      const colour = subject === "pool" ? "ours" : "theirs";
      const swatch = element("rect", { x, y: 30, width: 12, height: 4, class: colour });
      return swatch + label(x + 18, 36, SUBJECTS[subject], { class: "note" });
    })
    .join("");
}
