import { describe, expect, it } from "@jest/globals";
import type { Evidence, JobRecord, Kill, Sign } from "../../soak/evidence";
import { gapsIn, judge } from "../../soak/judge";

const [A, B, C] = ["r_AAAAAAAAAAAA", "r_BBBBBBBBBBBB", "r_CCCCCCCCCCCC"];

const job: JobRecord = {
  ...{ id: 1, status: "success", failureReason: null, systemId: A, flaw: undefined },
  ...{ startedAt: 10_000, finishedAt: 15_000 },
};

const kill: Kill = {
  ...{ at: 12_000, victim: "the container", systemId: A, containerId: "1", back: true },
};

function sign(at: number, kind: Sign["kind"], systemId = A): Sign {
  return { at, kind, systemId };
}

/** One replica that accepts jobs all the time. */
const steady = [
  sign(0, "created"),
  sign(0, "verified"),
  sign(1_000, "asked"),
  sign(60_000, "asked"),
];

const good: Evidence = {
  begun: 0,
  ...{ jobs: [job], kills: [], signs: steady, failures: [], strangers: [], leftovers: [] },
  ...{ living: [A], managers: [A] },
};

describe("the judgement of a soak", () => {
  it("finds nothing broken where every promise was kept", () => {
    expect(judge(good)).toEqual({
      ...{ jobs: 1, whole: 1, killed: [], lost: [], ghosts: [], broken: [] },
      ...{ longestGapMs: 0, mostManagers: 1 },
    });
  });

  const failed: JobRecord = { ...job, status: "failed", failureReason: "unknown_failure" };
  const running: JobRecord = { ...job, status: "running", finishedAt: null };

  it.each<[string, Partial<Evidence>, string]>([
    ["a job that failed", { jobs: [failed] }, `job 1 was lost: failed (unknown_failure), on ${A}`],
    [
      "a job without the end of its log",
      { jobs: [{ ...job, flaw: "its log has no end" }] },
      `job 1 was lost: success, its log has no end, on ${A}`,
    ],
    [
      "a job that nobody ran",
      { jobs: [{ ...running, status: "pending", systemId: null, startedAt: null }] },
      "job 1 was lost: pending",
    ],
    ["a job that runs for ever", { jobs: [running] }, `job 1 was lost: running, on ${A}`],
    [
      "a job that failed on another replica than the killed one",
      { jobs: [failed], kills: [{ ...kill, systemId: B }] },
      `job 1 was lost: failed (unknown_failure), on ${A}`,
    ],
    [
      "a job that failed before its replica was killed",
      { jobs: [failed], kills: [{ ...kill, at: 16_000 }] },
      `job 1 was lost: failed (unknown_failure), on ${A}`,
    ],
    [
      "a job that its replica began after it had been killed",
      { jobs: [failed], kills: [{ ...kill, at: 5_000 }] },
      `job 1 was lost: failed (unknown_failure), on ${A}`,
    ],
    [
      "a job with a gap in its log, reported whole before its replica was killed",
      { jobs: [{ ...job, flaw: "its log has no end" }], kills: [kill] },
      `job 1 was lost: success, its log has no end, on ${A}`,
    ],
    ["a ghost", { managers: [A, B] }, `GitLab has the manager ${B}, which no living replica owns`],
    [
      "a replica that GitLab does not know",
      { living: [A, B] },
      `replica ${B} lives, and GitLab has no manager of it`,
    ],
    [
      "two replicas with one system ID",
      { living: [A, A] },
      `several replicas live under the system ID ${A}`,
    ],
    [
      "a replica that came back as another one",
      { kills: [{ ...kill, back: false }] },
      `${A} did not come back after kill -9 of the container`,
    ],
    [
      "a time without a replica that accepts jobs",
      { signs: [...steady, sign(60_500, "ended"), sign(64_500, "asked", B)] },
      "from 60.5 s on no replica accepted jobs for 4.0 s",
    ],
    [
      "an action that failed",
      { failures: [{ what: "scale to 4", message: "pulumi up exited 255" }] },
      "scale to 4 failed: pulumi up exited 255",
    ],
    ["a new runner", { strangers: [7] }, "GitLab has the runner 7, which nobody made"],
    [
      "a thing that destroying the pool left",
      { leftovers: ["secret gitlab-runner-pool-t1-token"] },
      "after the pool was destroyed there is still secret gitlab-runner-pool-t1-token",
    ],
  ])("finds %s", (_, change, sentence) => {
    expect(judge({ ...good, ...change }).broken).toEqual([sentence]);
  });

  it.each([
    ["failed since", { ...failed, finishedAt: 130_000 }],
    ["is running for GitLab still", running],
    ["was handed over in the moment of the kill", { ...running, startedAt: 12_500 }],
  ])("counts a job that was killed with its replica and %s apart", (_, record: JobRecord) => {
    const verdict = judge({ ...good, jobs: [record], kills: [kill] });
    expect(verdict).toMatchObject({ lost: [], broken: [], whole: 0 });
    expect(verdict.killed).toHaveLength(1);
  });

  it("counts the managers that GitLab had at once", () => {
    const signs = [
      ...[sign(0, "created"), sign(1, "created", B), sign(2, "removed"), sign(3, "created")],
    ];
    expect(judge({ ...good, signs }).mostManagers).toBe(2);
  });
});

describe("the time without a replica that accepts jobs", () => {
  it("does not count a replica that runs a job, or whose requests GitLab does not answer", () => {
    expect(gapsIn(steady)).toEqual([]);
  });

  it("begins when the last replica is told to stop, and ends when another one accepts jobs", () => {
    const signs = [
      ...[sign(1_000, "asked"), sign(1_500, "asked", B), sign(2_000, "ended")],
      ...[sign(3_000, "ended", B), sign(4_000, "verified"), sign(5_000, "asked")],
    ];
    expect(gapsIn(signs)).toEqual([{ from: 3_000, to: 5_000 }]);
  });

  it("is a kill's when the only replica was killed", () => {
    const signs = [
      ...steady,
      ...[sign(61_000, "ended"), sign(70_000, "verified"), sign(71_000, "asked")],
    ];
    const verdict = judge({ ...good, signs, kills: [{ ...kill, at: 61_000 }] });
    expect(verdict).toMatchObject({ longestGapMs: 10_000, broken: [] });
  });

  it("is not there while one of several replicas is away", () => {
    const signs = [
      ...[sign(1_000, "asked", B), sign(2_000, "asked"), sign(3_000, "ended")],
      ...[sign(9_000, "verified"), sign(10_000, "asked"), sign(20_000, "ended", B)],
    ];
    expect(gapsIn(signs)).toEqual([]);
  });

  it("is there although GitLab answered the last request of a replica after its end", () => {
    const signs = [
      ...[sign(1, "asked"), sign(2, "asked", B), sign(10, "ended"), sign(12, "asked")],
      ...[sign(15, "removed"), sign(20, "ended", B), sign(100, "asked", C)],
    ];
    expect(gapsIn(signs)).toEqual([{ from: 20, to: 100 }]);
  });

  it("begins when GitLab loses the manager of the last replica", () => {
    const signs = [sign(1, "asked"), sign(10, "removed"), sign(30, "asked")];
    expect(gapsIn(signs)).toEqual([{ from: 10, to: 30 }]);
  });

  it("does not begin with a replica that ends before it accepted any", () => {
    expect(gapsIn([sign(1_000, "ended"), sign(5_000, "asked", B)])).toEqual([]);
  });
});
