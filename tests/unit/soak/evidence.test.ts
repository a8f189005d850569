import { describe, expect, it } from "@jest/globals";
import type { GitlabEvent } from "../../../local/gitlab";
import { flawIn, signOf, type Sign } from "../../soak/evidence";

const from = { at: 5, systemId: "r_000000000001" };

function request(endpoint: string, status: number | null): GitlabEvent {
  const rest = { seq: 1, url: "", jobId: null, durationMs: 1, faultId: null };
  return { ...from, ...rest, runnerId: 2, kind: "request", endpoint, status };
}

describe("a sign of a replica", () => {
  it.each<[string, GitlabEvent, Sign | undefined]>([
    ["an accepted token", request("POST /runners/verify", 200), { ...from, kind: "verified" }],
    ["a refused token", request("POST /runners/verify", 403), undefined],
    ["a job handed over", request("POST /jobs/request", 201), { ...from, kind: "asked" }],
    ["an empty queue", request("POST /jobs/request", 204), { ...from, kind: "asked" }],
    ["a failing GitLab", request("POST /jobs/request", 502), undefined],
    ["a request that was cut", request("POST /jobs/request", null), undefined],
    ["another request", request("PUT /jobs/:id", 200), undefined],
    [
      "a manager that went",
      { ...from, kind: "manager", change: "removed", managerId: 9, runnerId: 2, seq: 1 },
      { ...from, kind: "removed" },
    ],
  ])("is read from %s", (_, event, sign) => {
    expect(signOf(event)).toEqual(sign);
  });
});

describe("the log of a job", () => {
  const whole = "$ for i…\ntick 1\ntick 2\ntick 3\nJob succeeded\n";

  it("is whole with every tick and its end", () => {
    expect(flawIn(whole, 3)).toBeUndefined();
  });

  it.each([
    ["a tick", whole.replace("tick 2\n", ""), "its log has the ticks 1, 3 of 3"],
    ["its last ticks", "tick 1\n", "its log has the ticks 1 of 3"],
    ["all ticks", "$ for i…\n", "its log has none of 3 ticks"],
    ["order", whole.replace("tick 2", "tick 9"), "its log has the ticks 1, 9, 3 of 3"],
    ["its end", whole.replace("Job succeeded\n", ""), "its log has no end"],
    [
      "nothing, and has a tick twice",
      whole.replace("tick 2", "tick 2\ntick 2"),
      "its log has the ticks 1, 2, 2, 3 of 3",
    ],
  ])("that lacks %s is not", (_, log, flaw) => {
    expect(flawIn(log, 3)).toBe(flaw);
  });
});
