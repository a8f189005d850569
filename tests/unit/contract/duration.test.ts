import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { duration, formatDuration, parseDuration } from "../../../contract/duration";
import { readValue } from "../../support/read-value";

describe("parseDuration", () => {
  it.each([
    ["0s", 0],
    ["45s", 45],
    ["10m", 600],
    ["1h30m", 5_400],
    ["2d", 172_800],
    ["1d2h3m4s", 93_784],
    ["1d1s", 86_401],
    ["90m", 5_400],
    // The regular expression limits the number of digits to what makes sense for each unit.
    ["9999d", 9_999 * 86_400],
    ["99999h", 99_999 * 3_600],
    ["999999m", 999_999 * 60],
    ["9999999s", 9_999_999],
  ])("parses %s as %d seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    "",
    "5",
    "s",
    "1.5h",
    "-5m",
    "5 m",
    " 5m",
    "5m ",
    "x5m",
    "5mx",
    "5M",
    "30s1m",
    "1m1m",
    "1w",
    "5m\n",
    "10000d",
    "100000h",
    "1000000m",
    "10000000s",
  ])("rejects %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0s"],
    [1, "1s"],
    [60, "1m"],
    [5_400, "1h30m"],
    [3_601, "1h1s"],
    [86_400, "1d"],
    [93_784, "1d2h3m4s"],
  ])("formats %d seconds as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("writes durations that parseDuration reads back unchanged", () => {
    fc.assert(
      fc.property(fc.nat(7 * 86_400), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});

describe("duration", () => {
  const schema = duration(10, 3_600);

  it.each([
    ["10s", 10],
    ["1h", 3_600],
    ["60m", 3_600],
    [" 5m\n", 300],
  ])("accepts %j, because both bounds are allowed", (text, seconds) => {
    expect(readValue(schema, text)).toBe(seconds);
  });

  it.each(["9s", "1h1s", "3601s", "0s", "", "soon"])(
    "rejects %j and names the allowed values",
    (text) => {
      expect(schema.parse(text)).toEqual({
        problem: "must be a duration from 10s to 1h, such as 90s, 10m or 1h30m",
      });
    },
  );
});
