import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ReplicaImpact } from "../../../tools/diff/changes";
import { code, describeChange, describeImpact } from "../../../tools/diff/sentences";

describe("describeImpact", () => {
  const drain = "1h";

  it.each<[ReplicaImpact, string]>([
    [{ kind: "scaled", from: 2, to: 4, drain }, "2 replicas start; the other 2 keep running."],
    [{ kind: "scaled", from: 1, to: 2, drain }, "1 replica starts; the other one keeps running."],
    [{ kind: "scaled", from: 0, to: 1, drain }, "1 replica starts."],
    [
      { kind: "scaled", from: 4, to: 2, drain },
      "2 replicas stop; the other 2 keep running. The stopping ones accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [
      { kind: "rolled", from: 2, to: 3, drain },
      "Both replicas are replaced: new ones start first. The old ones accept no new jobs and have up to 1h to finish running jobs. Afterwards the pool has 3 replicas.",
    ],
    [
      { kind: "rolled", from: 1, to: 1, drain },
      "The replica is replaced: the new one starts first. The old one accepts no new jobs and has up to 1h to finish running jobs.",
    ],
    [
      { kind: "deleted", replicas: 1, drain },
      "The replica stops for good. It accepts no new jobs and has up to 1h to finish running jobs.",
    ],
    [
      { kind: "rolled", from: 2, to: 2, drain, stopsFirst: true },
      "Both replicas are replaced: old ones stop first. The old ones accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [{ kind: "rolled", from: 0, to: 0, drain }, "Nothing restarts: no replicas are running."],
    [
      { kind: "replaced", replicas: 2, drain },
      "Both replicas stop before new ones start. They accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [
      { kind: "replaced", replicas: 3, drain },
      "All 3 replicas stop before new ones start. They accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [{ kind: "created", replicas: "one on each node" }, "One replica starts on each node."],
    [
      { kind: "rolled", from: "one on each node", to: "one on each node", drain },
      "The replica on each node is replaced: the new one starts first. The old ones accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [
      { kind: "replaced", replicas: "one on each node", drain },
      "The replicas on all nodes stop before new ones start. They accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [
      { kind: "deleted", replicas: "one on each node", drain },
      "The replicas on all nodes stop for good. They accept no new jobs and have up to 1h to finish running jobs.",
    ],
    [{ kind: "untouched" }, "Nothing restarts."],
  ])("describes %j", (impact, sentence) => {
    expect(describeImpact(impact)).toBe(sentence);
  });
});

describe("describeChange", () => {
  it("shows no secret value", () => {
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
  it("keeps any text on one line, without markup, mentions and quick actions", () => {
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

  it("shortens a long value", () => {
    expect(code("x".repeat(500))).toHaveLength(203);
  });
});
