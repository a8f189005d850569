import { describe, expect, it } from "@jest/globals";
import { nearest } from "../../../contract/suggest";

const SETTINGS = ["replicas", "runnerName", "jobImage", "tags", "drainTimeout"];

describe("nearest", () => {
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
    expect(nearest(name, SETTINGS)).toBe(meant);
  });

  it.each(["", "x", "taXXX", "tXXX", "drainXXXXXut", "somethingElse"])(
    "suggests nothing for %j",
    (name) => {
      expect(nearest(name, SETTINGS)).toBeUndefined();
    },
  );

  it("chooses the nearest of several names in any order", () => {
    expect(nearest("tagz", ["bags", "tags", "flags"])).toBe("tags");
    expect(nearest("tagz", ["tags", "bags", "flags"])).toBe("tags");
    expect(nearest("tagz", [])).toBeUndefined();
  });
});
