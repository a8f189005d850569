import { describe, expect, it } from "@jest/globals";
import { formatReport, type SoakReport } from "../../../soak/report";

const report: SoakReport = {
  ...{ executor: "shell", engine: "29.0.0" },
  ...{ seed: 7, seconds: 184, jobs: 52, intact: 51, lost: [], staleManagers: [], broken: [] },
  actions: { scale: 3, update: 2, rotate: 1, kill: 1, fault: 4 },
  killed: [{ id: 9, reason: "running, on r_AAAAAAAAAAAA" }],
  ...{ longestGapMs: 11_300, mostManagers: 7, kills: [], failures: [] },
  faults: [
    { id: 1, caught: 5, fault: { endpoint: "PUT /jobs/:id", action: { kind: "reset" } } },
    { id: 2, caught: 2, fault: { endpoint: "*", action: { kind: "delay", ms: 2_000 } } },
    { id: 3, caught: 1, fault: { endpoint: "PUT /jobs/:id", action: { kind: "reset" } } },
  ],
};

describe("the report of a soak", () => {
  it("counts actions, jobs, stale managers and faults when every promise was kept", () => {
    expect(formatReport(report)).toMatchInlineSnapshot(`
      "Soak of 3 min 04 s with seed 7, shell executor, Docker 29.0.0
        actions                                                           11: 3 scale, 2 update, 1 rotate, 1 kill, 4 fault
        jobs                                                              52: 51 intact, 1 killed with their replica
        lost jobs                                                         0
        stale managers                                                    0
        most managers at once                                             7
        longest time with no replica accepting jobs                       11 s
        requests hit by delay of 2 s on all endpoints                     2
        requests hit by reset on PUT /jobs/:id                            6
      job 9 was killed with its replica: running, on r_AAAAAAAAAAAA
      Every promise was kept."
    `);
  });

  it("lists every broken promise", () => {
    const lost = [{ id: 3, reason: "failed" }];
    const broken = ["job 3 was lost: failed", "scale to 4 failed: no"];
    const text = formatReport({ ...report, lost, broken });
    expect(text).toMatch(/\n {2}lost jobs {2,}1\n/);
    expect(text).toMatch(/\nBroken promises:\n- job 3 was lost: failed\n- scale to 4 failed: no$/);
    expect(text).not.toContain("Every promise was kept");
  });
});
