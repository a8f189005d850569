import { describe, expect, it } from "@jest/globals";
import { scaleTo } from "../../../bench/report/axis";
import { drawTargets } from "../../../bench/report/chart-targets";
import { drawGrowth } from "../../../bench/report/chart-growth";
import { drawTimes } from "../../../bench/report/chart-times";
import { judge } from "../../../bench/report/judge";
import { element } from "../../../bench/report/svg";
import { FIGURES } from "../../../bench/figures";
import { SERIES, type Measured } from "../../../bench/series";

const measured: Measured = Object.fromEntries(SERIES.map((name, i) => [name, [1 + i / 10, 2]]));
const verdicts = judge(FIGURES, measured);

describe("scaleTo", () => {
  it.each([
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [7, [0, 2, 4, 6, 8]],
    [50, [0, 10, 20, 30, 40, 50]],
    [0.13, [0, 0.05, 0.1, 0.15]],
    [0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])("places round ticks up to at least %f", (largest, ticks) => {
    expect(scaleTo(largest, 0, 100).ticks).toEqual(ticks);
  });

  it("maps the values from zero to the last tick", () => {
    const { at } = scaleTo(7, 100, 500);
    expect([at(0), at(4), at(8)]).toEqual([100, 300, 500]);
  });
});

describe("element", () => {
  it("escapes attribute values and rounds numbers", () => {
    expect(element("text", { x: 1.26, title: '"<&>' }, "a")).toBe(
      '<text x="1.3" title="&quot;&lt;&amp;&gt;">a</text>',
    );
  });
});

describe("charts", () => {
  it("draw every figure whose target is above zero", () => {
    const drawn = drawTargets(verdicts).match(/<circle /g) ?? [];
    expect(drawn).toHaveLength(verdicts.filter(({ limit = 0 }) => limit > 0).length);
  });

  it("draw every value of every figure that is a time", () => {
    const times = verdicts.filter(({ figure }) => figure.unit === "s");
    const rows = times.flatMap(({ theirs }) => (theirs === undefined ? [1] : [1, 1]));
    expect(drawTimes(verdicts, measured).match(/<circle /g)).toHaveLength(2 * rows.length);
  });

  it("draw two lines for time and two for memory", () => {
    const points = [
      { replicas: 10, secondsPerAdded: 0.5, memory: 1.2 },
      { replicas: 20, secondsPerAdded: 0.4, memory: 1.1 },
    ];
    const lines = drawGrowth({ pool: points, manual: points }).match(/<polyline /g);
    expect(lines).toHaveLength(4);
  });

  it("are identical for identical values", () => {
    expect(drawTimes(verdicts, measured)).toBe(drawTimes(verdicts, measured));
  });
});
