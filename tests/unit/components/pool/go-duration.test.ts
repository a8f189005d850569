import { describe, expect, it } from "@jest/globals";
import { formatGoDuration } from "../../../../components/pool/go-duration";

describe("formatGoDuration", () => {
  it.each([
    [0, "0s"],
    [5, "5s"],
    [60, "1m"],
    [90, "1m30s"],
    [3600, "1h"],
    [3605, "1h0m5s"],
    [3660, "1h1m"],
    [36_000, "10h"],
    [31_536_000, "8760h"],
  ])("formats %d seconds as Docker returns them: %s", (seconds, text) => {
    expect(formatGoDuration(seconds)).toBe(text);
  });
});
