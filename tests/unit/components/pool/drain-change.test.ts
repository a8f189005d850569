import { describe, expect, it } from "@jest/globals";
import { judgeDrainChange } from "../../../../components/pool/drain-change";

const BEFORE = { replicas: 4, drainTimeoutSeconds: 60 };

describe("judgeDrainChange", () => {
  it.each([
    ["rejects an increase with fewer replicas", { replicas: 2, drainTimeoutSeconds: 3600 }, true],
    ["rejects an increase with no replicas left", { replicas: 0, drainTimeoutSeconds: 61 }, true],
    ["only reports an increase alone", { replicas: 4, drainTimeoutSeconds: 3600 }, false],
    [
      "only reports an increase that makes the pool global",
      { replicas: undefined, drainTimeoutSeconds: 3600 },
      false,
    ],
    [
      "only reports an increase with more replicas",
      { replicas: 5, drainTimeoutSeconds: 3600 },
      false,
    ],
  ])("%s", (_what, after, rejected) => {
    expect(judgeDrainChange(BEFORE, after)?.rejected).toBe(rejected);
  });

  it.each([
    ["a decrease with fewer replicas", BEFORE, { replicas: 1, drainTimeoutSeconds: 10 }],
    [
      "an increase for a pool without replicas",
      { ...BEFORE, replicas: 0 },
      { replicas: 0, drainTimeoutSeconds: 3600 },
    ],
    ["a pool without a service", undefined, { replicas: 1, drainTimeoutSeconds: 3600 }],
  ])("does not report %s", (_what, before, after) => {
    expect(judgeDrainChange(before, after)).toBeUndefined();
  });

  it("only reports an increase for a global pool", () => {
    const [before, after] = [60, 3600].map((drainTimeoutSeconds) => ({
      replicas: undefined,
      drainTimeoutSeconds,
    }));
    expect(after && judgeDrainChange(before, after)).toEqual({
      rejected: false,
      message:
        "`drainTimeout` increases from 1m to 1h: running replicas keep 1m to finish their jobs, their replacements get 1h",
    });
  });

  it("names both values and both steps when it rejects", () => {
    expect(judgeDrainChange(BEFORE, { replicas: 2, drainTimeoutSeconds: 3600 })?.message).toBe(
      "`drainTimeout` increases from 1m to 1h while `replicas` decreases from 4 to 2: the removed replicas would get only 1m; run `pulumi up` with `replicas` 4 first, then lower it",
    );
  });
});
