import { describe, expect, it } from "@jest/globals";
import { retryAfterMs } from "../../../gitlab-api/retry-after";

describe("Retry-After", () => {
  const now = Date.UTC(2026, 10, 28, 12);

  it.each([
    ["60", 60_000],
    ["0", 0],
    ["Sat, 28 Nov 2026 12:00:30 GMT", 30_000],
    ["Saturday, 28-Nov-26 12:00:30 GMT", 30_000],
    ["Sat Nov 28 12:00:30 2026", 30_000],
    ["Sat, 28 Nov 2026 11:00:00 GMT", 0],
    [" 5 ", 5_000],
  ])("%j means %d ms", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each([null, "", "-5", "soon", "1e999", "Infinity", "NaN", "2026" + "-xx", "Sunday"])(
    "%j asks for nothing",
    (header) => {
      expect(retryAfterMs(header, now)).toBeUndefined();
    },
  );

  it("is relative to the server's clock if the server sends `Date`", () => {
    const header = "Sat, 28 Nov 2026 12:00:30 GMT";
    expect(retryAfterMs(header, now, "Sat, 28 Nov 2026 12:00:20 GMT")).toBe(10_000);
    expect(retryAfterMs(header, now, "today")).toBe(30_000);
  });
});
