import { describe, expect, it } from "@jest/globals";
import type { Evidence, JobRecord, Kill, Observation } from "../../../soak/evidence";
import { findGaps, judge } from "../../../soak/judge";

const [A, B, C] = ["r_AAAAAAAAAAAA", "r_BBBBBBBBBBBB", "r_CCCCCCCCCCCC"];

const job: JobRecord = {
  ...{ id: 1, status: "success", failureReason: null, systemId: A, logGap: undefined },
  ...{ startedAt: 10_000, finishedAt: 15_000 },
};

const kill: Kill = {
  ...{ at: 12_000, target: "the container", systemId: A, containerId: "1", back: true },
};

function observation(at: number, kind: Observation["kind"], systemId = A): Observation {
  return { at, kind, systemId };
}

/** One replica that always accepts jobs. */
const steady = [
  observation(0, "created"),
  observation(0, "verified"),
  observation(1_000, "polled"),
  observation(60_000, "polled"),
];

const good: Evidence = {
  startedAt: 0,
  ...{
    jobs: [job],
    kills: [],
    observations: steady,
    failures: [],
    unexpectedRunners: [],
    leftovers: [],
  },
  ...{ living: [A], managers: [A], shared: [] },
};

describe("judging a soak", () => {
  it("reports no broken promise when every promise was kept", () => {
    expect(judge(good)).toEqual({
      ...{ jobs: 1, intact: 1, killed: [], lost: [], staleManagers: [], broken: [] },
      ...{ longestGapMs: 0, mostManagers: 1 },
    });
  });

  const failed: JobRecord = { ...job, status: "failed", failureReason: "unknown_failure" };
  const running: JobRecord = { ...job, status: "running", finishedAt: null };

  it.each<[string, Partial<Evidence>, string]>([
    ["a job that failed", { jobs: [failed] }, `job 1 was lost: failed (unknown_failure), on ${A}`],
    [
      "a job whose log is cut off",
      { jobs: [{ ...job, logGap: "log is cut off at the end" }] },
      `job 1 was lost: success, log is cut off at the end, on ${A}`,
    ],
    [
      "a job that no replica ran",
      { jobs: [{ ...running, status: "pending", systemId: null, startedAt: null }] },
      "job 1 was lost: pending",
    ],
    ["a job that never ends", { jobs: [running] }, `job 1 was lost: running, on ${A}`],
    [
      "a job that failed on a replica that was not killed",
      { jobs: [failed], kills: [{ ...kill, systemId: B }] },
      `job 1 was lost: failed (unknown_failure), on ${A}`,
    ],
    [
      "a job that failed before its replica was killed",
      { jobs: [failed], kills: [{ ...kill, at: 16_000 }] },
      `job 1 was lost: failed (unknown_failure), on ${A}`,
    ],
    [
      "a failed job that started after the kill of its replica",
      { jobs: [failed], kills: [{ ...kill, at: 5_000 }] },
      `job 1 was lost: failed (unknown_failure), on ${A}`,
    ],
    [
      "a successful job with a gap in its log whose replica was killed later",
      { jobs: [{ ...job, logGap: "log is cut off at the end" }], kills: [kill] },
      `job 1 was lost: success, log is cut off at the end, on ${A}`,
    ],
    [
      "a stale manager",
      { managers: [A, B] },
      `GitLab has a stale manager: no running replica uses ${B}`,
    ],
    [
      "a replica that has no manager in GitLab",
      { living: [A, B] },
      `replica ${B} is running, but GitLab has no manager for it`,
    ],
    [
      "two running replicas with the same system ID",
      { living: [A, A] },
      `several replicas used system ID ${A} at the same time`,
    ],
    [
      "two replicas that shared a system ID for a while",
      { shared: [B] },
      `several replicas used system ID ${B} at the same time`,
    ],
    [
      "a killed replica that did not come back under its system ID",
      { kills: [{ ...kill, back: false }] },
      `${A} did not come back after kill -9 of the container`,
    ],
    [
      "a period in which no replica accepted jobs",
      { observations: [...steady, observation(60_500, "ended"), observation(64_500, "polled", B)] },
      "no replica accepted jobs for 4.0 s, starting at 60.5 s",
    ],
    [
      "an action that failed",
      { failures: [{ what: "scale to 4", message: "pulumi up exited 255" }] },
      "scale to 4 failed: pulumi up exited 255",
    ],
    ["an unexpected runner", { unexpectedRunners: [7] }, "GitLab has an unexpected runner: 7"],
    [
      "a secret that remains after the pool was destroyed",
      { leftovers: ["secret gitlab-runner-pool-t1-token"] },
      "still present after the pool was destroyed: secret gitlab-runner-pool-t1-token",
    ],
  ])("reports %s as a broken promise", (_, change, sentence) => {
    expect(judge({ ...good, ...change }).broken).toEqual([sentence]);
  });

  it.each([
    ["failed later", { ...failed, finishedAt: 130_000 }],
    ["still runs according to GitLab", running],
    ["was assigned at the moment of the kill", { ...running, startedAt: 12_500 }],
  ])("counts a job as killed, not lost, if its replica was killed and it %s", (_, record) => {
    const verdict = judge({ ...good, jobs: [record], kills: [kill] });
    expect(verdict).toMatchObject({ lost: [], broken: [], intact: 0 });
    expect(verdict.killed).toHaveLength(1);
  });

  it("counts the most managers that GitLab had at the same time", () => {
    const observations = [
      ...[
        observation(0, "created"),
        observation(1, "created", B),
        observation(2, "removed"),
        observation(3, "created"),
      ],
    ];
    expect(judge({ ...good, observations }).mostManagers).toBe(2);
  });
});

describe("finding the periods in which no replica accepts jobs", () => {
  it("finds none while a replica runs a job or waits for GitLab's answer", () => {
    expect(findGaps(steady)).toEqual([]);
  });

  it("starts a period when the last replica stops, and ends it when another accepts jobs", () => {
    const observations = [
      ...[
        observation(1_000, "polled"),
        observation(1_500, "polled", B),
        observation(2_000, "ended"),
      ],
      ...[
        observation(3_000, "ended", B),
        observation(4_000, "verified"),
        observation(5_000, "polled"),
      ],
    ];
    expect(findGaps(observations)).toEqual([{ from: 3_000, to: 5_000 }]);
  });

  it("breaks no promise if the period starts with the kill of the only replica", () => {
    const observations = [
      ...steady,
      ...[
        observation(61_000, "ended"),
        observation(70_000, "verified"),
        observation(71_000, "polled"),
      ],
    ];
    const verdict = judge({ ...good, observations, kills: [{ ...kill, at: 61_000 }] });
    expect(verdict).toMatchObject({ longestGapMs: 10_000, broken: [] });
  });

  it("finds none while another replica accepts jobs", () => {
    const observations = [
      ...[
        observation(1_000, "polled", B),
        observation(2_000, "polled"),
        observation(3_000, "ended"),
      ],
      ...[
        observation(9_000, "verified"),
        observation(10_000, "polled"),
        observation(20_000, "ended", B),
      ],
    ];
    expect(findGaps(observations)).toEqual([]);
  });

  it("ignores GitLab's answer to the last request of a replica that has ended", () => {
    const observations = [
      ...[
        observation(1, "polled"),
        observation(2, "polled", B),
        observation(10, "ended"),
        observation(12, "polled"),
      ],
      ...[observation(15, "removed"), observation(20, "ended", B), observation(100, "polled", C)],
    ];
    expect(findGaps(observations)).toEqual([{ from: 20, to: 100 }]);
  });

  it("starts a period when the manager of the last replica is removed", () => {
    const observations = [
      observation(1, "polled"),
      observation(10, "removed"),
      observation(30, "polled"),
    ];
    expect(findGaps(observations)).toEqual([{ from: 10, to: 30 }]);
  });

  it("starts no period when a replica ends that never accepted jobs", () => {
    expect(findGaps([observation(1_000, "ended"), observation(5_000, "polled", B)])).toEqual([]);
  });
});
