import { describe, expect, it } from "@jest/globals";
import { FIGURES, type Figure } from "../../../bench/figures";
import { formatNumber, formatTable } from "../../../bench/report/format";
import { judge } from "../../../bench/report/judge";
import { summarize } from "../../../bench/report/statistics";
import { SERIES, type Measured } from "../../../bench/series";

const register: Figure = {
  title: "Start",
  unit: "s",
  ours: "register.pool",
  theirs: "register.manual",
  formula: "as manual",
  limit: (median) => median("register.manual"),
};

describe("summarize", () => {
  it.each([
    [[3, 1, 2], { count: 3, median: 2, min: 1, max: 3 }],
    [[4, 1, 2, 3], { count: 4, median: 2.5, min: 1, max: 4 }],
    [[0.5], { count: 1, median: 0.5, min: 0.5, max: 0.5 }],
  ])("returns median, minimum and maximum of %j", (values, summary) => {
    expect(summarize(values)).toEqual(summary);
  });

  it("throws if there are no values", () => {
    expect(() => summarize([])).toThrow("nothing was measured");
  });
});

describe("judge", () => {
  it.each([
    [[0.09], true],
    [[0.1], true],
    [[0.11], false],
    [[0.09, 0.09, 0.5], true],
  ])("compares the median of %j with the target: met is %s", (ours, met) => {
    const measured = { "register.pool": ours, "register.manual": [0.1] };
    expect(judge([register], measured)).toMatchObject([{ limit: 0.1, met }]);
  });

  it("calculates the ratio of the medians", () => {
    const measured = { "register.pool": [1, 2, 3], "register.manual": [4] };
    expect(judge([register], measured)[0]?.ratio).toBe(0.5);
  });

  it("calculates no ratio to a median of zero", () => {
    const measured = { "register.pool": [1], "register.manual": [0] };
    expect(judge([register], measured)[0]?.ratio).toBeUndefined();
  });

  it("omits a figure if its own values, or those of its target, were not measured", () => {
    expect(judge([register], { "register.pool": [1] })).toEqual([]);
    expect(judge([register], { "register.manual": [1] })).toEqual([]);
  });

  it("has exactly one figure for each series of the pool", () => {
    const ours = SERIES.filter((name) => name.endsWith(".pool"));
    expect(FIGURES.map((figure) => figure.ours).sort()).toEqual([...ours].sort());
  });

  it("judges every figure when every series was measured", () => {
    const measured: Measured = Object.fromEntries(SERIES.map((name) => [name, [1]]));
    expect(judge(FIGURES, measured)).toHaveLength(FIGURES.length);
  });
});

describe("formatTable", () => {
  it("shows median, range, ratio, target and verdict", () => {
    const measured = { "register.pool": [0.2, 0.1, 0.4], "register.manual": [0.125] };
    expect(formatTable(judge([register], measured)).split("\n")[2]).toBe(
      "| Start (s) | 0.200 (0.100–0.400) | manual setup: 0.125 | 1.60 | ≤ 0.125 (as manual) | **no** |",
    );
  });

  it.each([
    [0, "0"],
    [3, "3"],
    [0.0123, "0.012"],
    [1.234, "1.23"],
    [12.34, "12.3"],
    [123.4, "123"],
  ])("formats %f as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
