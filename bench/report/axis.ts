import { element, label } from "./svg";

/** Maps values from 0 to the largest tick to coordinates. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/**
 * Creates a scale that starts at zero and has ticks at 1, 2 or 5 times a power of ten.
 * @param largest the largest value to show
 * @param count the approximate number of ticks
 */
export function scaleTo(largest: number, start: number, end: number, count = 5): Scale {
  const top = largest > 0 ? largest : 1;
  const power = 10 ** Math.floor(Math.log10(top / count));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => top / size <= count) ?? top;
  const last = Math.ceil(top / step - 1e-9);
  const ticks = Array.from({ length: last + 1 }, (_, i) => Number((i * step).toPrecision(6)));
  return { ticks, at: (value) => start + ((end - start) * value) / (last * step) };
}

/** Draws a vertical line at each tick of a horizontal scale, with its value below. */
export function verticalGrid(scale: Scale, top: number, bottom: number, unit: string): string {
  return scale.ticks
    .map((tick) => {
      const x = scale.at(tick);
      const line = element("line", { x1: x, x2: x, y1: top, y2: bottom, class: "axis" });
      return line + label(x, bottom + 14, `${tick}${unit}`, { class: "note middle" });
    })
    .join("");
}
