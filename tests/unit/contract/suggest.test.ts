import { describe, expect, it } from "@jest/globals";
import { findNearest } from "../../../contract/suggest";

const SETTINGS = ["replicas", "runnerName", "jobImage", "tags", "drainTimeout"];

describe("findNearest", () => {
  it.each([
    ["replicas", "replicas"],
    ["replcas", "replicas"],
    ["repplicas", "replicas"],
    ["repilcas", "replicas"],
    ["REPLICAS", "replicas"],
    ["jobimage", "jobImage"],
    ["tag", "tags"],
    ["draintimout", "drainTimeout"],
    // A third of the letters may be wrong, but at least two.
    ["drainXXXXout", "drainTimeout"],
    ["taXX", "tags"],
  ])("corrects %s to %s", (name, meant) => {
    expect(findNearest(name, SETTINGS)).toBe(meant);
  });

  it.each(["", "x", "taXXX", "tXXX", "drainXXXXXut", "somethingElse"])(
    "suggests nothing for %j",
    (name) => {
      expect(findNearest(name, SETTINGS)).toBeUndefined();
    },
  );

  it("chooses the nearest of several names in any order", () => {
    expect(findNearest("tagz", ["bags", "tags", "flags"])).toBe("tags");
    expect(findNearest("tagz", ["tags", "bags", "flags"])).toBe("tags");
    expect(findNearest("tagz", [])).toBeUndefined();
  });
});
