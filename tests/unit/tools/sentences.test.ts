import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Fate } from "../../../tools/diff/changes";
import { code, describeChange, describeFate } from "../../../tools/diff/sentences";

describe("describeFate", () => {
  const drain = "1h";

  it.each<[Fate, string]>([
    [{ kind: "scaled", from: 2, to: 4, drain }, "2 replicas start; the other 2 do not restart."],
    [
      { kind: "scaled", from: 1, to: 2, drain },
      "1 replica starts; the other one does not restart.",
    ],
    [{ kind: "scaled", from: 0, to: 1, drain }, "1 replica starts."],
    [
      { kind: "scaled", from: 4, to: 2, drain },
      "2 replicas stop: they take no new job and have up to 1h to finish the running ones; the other 2 do not restart.",
    ],
    [
      { kind: "rolled", from: 2, to: 3, drain },
      "All 2 replicas roll: new ones start first, then the old ones take no new job and have up to 1h to finish the running ones. There are 3 afterwards.",
    ],
    [
      { kind: "rolled", from: 1, to: 1, drain },
      "The replica rolls: a new one starts first, then the old one takes no new job and has up to 1h to finish the running ones.",
    ],
    [
      { kind: "deleted", replicas: 1, drain },
      "The replica stops for good: it takes no new job and has up to 1h to finish the running ones.",
    ],
    [{ kind: "rolled", from: 0, to: 0, drain }, "Nothing restarts: no replica runs."],
    [
      { kind: "replaced", replicas: 2, drain },
      "All 2 replicas stop before new ones start: they take no new job and have up to 1h to finish the running ones.",
    ],
    [{ kind: "untouched" }, "Nothing restarts."],
  ])("tells what %j means", (fate, sentence) => {
    expect(describeFate(fate)).toBe(sentence);
  });
});

describe("describeChange", () => {
  it("shows no value of a secret", () => {
    const change = {
      kind: "value",
      setting: "x",
      from: { kind: "secret" },
      to: { kind: "value", text: "plain" },
    } as const;

    expect(describeChange(change)).toBe("x: changed (secret)");
  });
});

describe("code", () => {
  it("keeps any text on one line in which nothing is markup, a mention or a quick action", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const written = code(`${text}\n/close @all <b>`);
        const fence = /^`+/.exec(written)?.[0] ?? "";

        expect(written).not.toContain("\n");
        expect(written.endsWith(fence)).toBe(true);
        expect(written.slice(fence.length, -fence.length)).not.toContain(fence);
      }),
    );
  });

  it("cuts a long value", () => {
    expect(code("x".repeat(500))).toHaveLength(203);
  });
});
