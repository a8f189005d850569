import { describe, expect, it } from "@jest/globals";
import type { GitlabEvent } from "../../../fake-gitlab";
import { findLogGap, readObservation, type Observation } from "../../../soak/evidence";

const from = { at: 5, systemId: "r_000000000001" };

function request(endpoint: string, status: number | null): GitlabEvent {
  const rest = { seq: 1, url: "", jobId: null, durationMs: 1, faultId: null };
  return { ...from, ...rest, runnerId: 2, kind: "request", endpoint, status };
}

describe("reading an observation from a GitLab event", () => {
  it.each<[string, GitlabEvent, Observation | undefined]>([
    ["an accepted token", request("POST /runners/verify", 200), { ...from, kind: "verified" }],
    ["a rejected token", request("POST /runners/verify", 403), undefined],
    ["an assigned job", request("POST /jobs/request", 201), { ...from, kind: "polled" }],
    ["an empty queue", request("POST /jobs/request", 204), { ...from, kind: "polled" }],
    ["a 502 from GitLab", request("POST /jobs/request", 502), undefined],
    ["an interrupted request", request("POST /jobs/request", null), undefined],
    ["any other request", request("PUT /jobs/:id", 200), undefined],
    [
      "a removed manager",
      { ...from, kind: "manager", change: "removed", managerId: 9, runnerId: 2, seq: 1 },
      { ...from, kind: "removed" },
    ],
  ])("maps %s", (_, event, observation) => {
    expect(readObservation(event)).toEqual(observation);
  });
});

describe("finding the gap in the log of a job", () => {
  const complete = "$ for i…\ntick 1\ntick 2\ntick 3\nJob succeeded\n";

  it("finds none in a log with every tick and its end", () => {
    expect(findLogGap(complete, 3)).toBeUndefined();
  });

  it.each([
    ["one missing tick", complete.replace("tick 2\n", ""), "log has ticks 1, 3 of 3"],
    ["missing last ticks", "tick 1\n", "log has ticks 1 of 3"],
    ["no ticks", "$ for i…\n", "log has none of 3 ticks"],
    ["a wrong tick", complete.replace("tick 2", "tick 9"), "log has ticks 1, 9, 3 of 3"],
    ["no end", complete.replace("Job succeeded\n", ""), "log is cut off at the end"],
    [
      "a repeated tick",
      complete.replace("tick 2", "tick 2\ntick 2"),
      "log has ticks 1, 2, 2, 3 of 3",
    ],
  ])("describes a log with %s", (_, log, logGap) => {
    expect(findLogGap(log, 3)).toBe(logGap);
  });
});
