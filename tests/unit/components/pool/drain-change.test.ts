import { describe, expect, it } from "@jest/globals";
import { judgeDrainChange } from "../../../../components/pool/drain-change";

const BEFORE = { replicas: 4, drainTimeout: 60 };

describe("a change of drainTimeout", () => {
  it.each([
    ["to more, with fewer replicas", { replicas: 2, drainTimeout: 3600 }, true],
    ["to more, with none left", { replicas: 0, drainTimeout: 61 }, true],
    ["to more alone", { replicas: 4, drainTimeout: 3600 }, false],
    ["to more, with more replicas", { replicas: 5, drainTimeout: 3600 }, false],
  ])("%s: is told of, refused: %s", (_what, after, refused) => {
    expect(judgeDrainChange(BEFORE, after)?.refused).toBe(refused);
  });

  it.each([
    ["to less, with fewer replicas", BEFORE, { replicas: 1, drainTimeout: 10 }],
    ["of a pool without replicas", { ...BEFORE, replicas: 0 }, { replicas: 0, drainTimeout: 3600 }],
    ["where there is no service yet", undefined, { replicas: 1, drainTimeout: 3600 }],
  ])("%s goes without saying", (_what, before, after) => {
    expect(judgeDrainChange(before, after)).toBeUndefined();
  });

  it("is refused with both values and both steps", () => {
    expect(judgeDrainChange(BEFORE, { replicas: 2, drainTimeout: 3600 })?.message).toBe(
      "`drainTimeout` is raised from 1m to 1h while `replicas` falls from 4 to 2: the replicas that go would have 1m only; run `pulumi up` with `replicas` 4 first, then lower it",
    );
  });
});
