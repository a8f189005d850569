import { describe, expect, it } from "@jest/globals";
import { assessRollout } from "../../../../components/wait/assess-rollout";
import { adviseOnLogin } from "../../../../runner-image/src/gitlab/explain-proxy";
import type {
  ReplicaReport,
  ReportsByTask,
  Snapshot,
  Task,
} from "../../../../components/wait/snapshot";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const TARGET = {
  policy: ALL_AT_ONCE,
  generation: "g2",
  replicas: 2,
  indexBefore: 100,
};

let created = 0;

const task = (slot: number, state: string, rest: Partial<Task> = {}): Task => ({
  id: `t${slot}`,
  slot,
  nodeId: `n${slot}`,
  generation: "g2",
  created: `2026-01-01T00:00:${String(10 + created++ / 100)}Z`,
  state,
  changed: "2026-01-01T00:01:00Z",
  index: 200,
  desiredState: "running",
  error: "",
  exitCode: undefined,
  ...rest,
});

const snapshot = (tasks: readonly Task[], rest: Partial<Snapshot> = {}): Snapshot => ({
  generation: "g2",
  update: undefined,
  tasks,
  ...rest,
});

const reports = (entries: Record<string, Partial<ReplicaReport>> = {}): ReportsByTask =>
  new Map(
    Object.entries(entries).map(([id, given]) => [
      id,
      { online: false, last: undefined, ...given },
    ]),
  );

const online = { online: true };
const refused = { last: { state: "refused", message: "403 Forbidden" } } as const;
const waiting = { last: { state: "waiting", message: "connect ECONNREFUSED" } } as const;

describe("assessRollout", () => {
  it.each<[string, Task[], ReportsByTask]>([
    ["all tasks run", [task(1, "running"), task(2, "running")], reports()],
    [
      "all replicas reported online",
      [task(1, "starting"), task(2, "starting")],
      reports({ t1: online, t2: online }),
    ],
    [
      "one task runs and the other replica reported online",
      [task(1, "running"), task(2, "starting")],
      reports({ t2: online }),
    ],
    [
      "slot numbers have gaps and an additional replica is shutting down",
      [task(3, "running"), task(7, "running"), task(9, "running", { desiredState: "shutdown" })],
      reports(),
    ],
  ])("returns online when %s", (_what, tasks, given) => {
    expect(assessRollout(TARGET, snapshot(tasks), given)).toEqual({ kind: "online" });
  });

  it("returns online for a pool without replicas", () => {
    expect(assessRollout({ ...TARGET, replicas: 0 }, snapshot([]), reports())).toEqual({
      kind: "online",
    });
  });

  it.each<[string, Task[], ReportsByTask]>([
    ["there is no task yet", [], reports()],
    [
      "replicas of an older spec run",
      [1, 2].map((s) => task(s, "running", { generation: "g1" })),
      reports(),
    ],
    ["one replica has reported nothing", [task(1, "running"), task(2, "starting")], reports()],
    [
      "a replica that reported online has ended",
      [task(1, "running"), task(2, "failed", { desiredState: "shutdown" })],
      reports({ t2: online }),
    ],
    [
      "one replica was rejected and the other may still come online",
      [task(1, "starting"), task(2, "starting")],
      reports({ t1: refused }),
    ],
    [
      "GitLab does not answer",
      [task(1, "starting"), task(2, "starting")],
      reports({ t1: waiting, t2: waiting }),
    ],
    [
      "a refusal predates this change and Swarm retries",
      [1, 2].map((s) => task(s, "failed", { exitCode: 69, index: 90 })),
      reports(),
    ],
    ["a replica was killed", [1, 2].map((s) => task(s, "failed", { exitCode: 137 })), reports()],
  ])("waits while %s", (_what, tasks, given) => {
    expect(assessRollout(TARGET, snapshot(tasks), given).kind).toBe("waiting");
  });

  it.each<[string, number, "stuck" | "waiting"]>([
    ["ignores a failure that predates this change", 100, "waiting"],
    ["counts a newer failure, whatever time the node's clock shows", 101, "stuck"],
  ])("%s", (_what, index, kind) => {
    const changed = "1999-01-01T00:00:00Z";
    const tasks = [1, 2].map((slot) =>
      task(slot, "rejected", { changed, index, error: "No such image" }),
    );
    expect(assessRollout(TARGET, snapshot(tasks), reports()).kind).toBe(kind);
  });

  it.each<[string, Partial<ReplicaReport>, string]>([
    ["is refused", refused, "failed"],
    ["waits for GitLab", waiting, "waiting"],
  ])("does not count a running replica whose latest report is that it %s", (_what, given, kind) => {
    const tasks = [task(1, "running", { index: 1 }), task(2, "running")];
    const assessment = assessRollout(TARGET, snapshot(tasks), reports({ t1: given, t2: online }));
    expect(assessment.kind).toBe(kind);
    expect(JSON.stringify(assessment)).toContain(given.last?.message);
  });

  it.each<[string, number, Partial<ReplicaReport>, "failed" | "waiting"]>([
    ["fails after three replicas of a slot ended without a report", 3, {}, "failed"],
    ["waits after two replicas of a slot ended without a report", 2, {}, "waiting"],
    ["waits after three replicas of a slot ended with the report `waiting`", 3, waiting, "waiting"],
  ])("%s", (_what, ends, given, kind) => {
    const ended = Array.from({ length: ends }, (_, i) =>
      task(1, "failed", { id: `e${i}`, desiredState: "shutdown", exitCode: 2, error: "exit (2)" }),
    );
    const next = task(1, "ready", { id: "next", desiredState: "ready" });
    const all = reports(Object.fromEntries(ended.map(({ id }) => [id, given])));
    const assessment = assessRollout({ ...TARGET, replicas: 1 }, snapshot([...ended, next]), all);
    expect(assessment.kind).toBe(kind);
    if (kind === "failed") expect(assessment).toMatchObject({ silentTask: "e2" });
  });

  it.each<[string, Task[], ReportsByTask, string]>([
    [
      "GitLab rejects them",
      [task(1, "starting"), task(2, "starting")],
      reports({ t1: refused, t2: refused }),
      "replicas 1, 2: refused: 403 Forbidden",
    ],
    [
      "they exit as refused and their log cannot be read",
      [1, 2].map((s) =>
        task(s, "failed", {
          exitCode: 69,
          desiredState: "shutdown",
          error: "task: non-zero exit (69)",
        }),
      ),
      reports(),
      "replicas 1, 2: task: non-zero exit (69)",
    ],
  ])("returns failed when %s", (_what, tasks, given, reason) => {
    const assessment = assessRollout(TARGET, snapshot(tasks), given);
    expect(assessment).toMatchObject({ kind: "failed" });
    expect(JSON.stringify(assessment)).toContain(reason);
  });

  it.each<[string, Task[], ReportsByTask, string]>([
    [
      "a node cannot pull the image",
      [task(1, "running"), task(2, "rejected", { error: "No such image: a:b", node: "worker-3" })],
      reports(),
      "replica 2: No such image: a:b; node worker-3 cannot pull it, and the log of its Docker engine has the answer of the registry",
    ],
    [
      "no node fits",
      [
        task(1, "running"),
        task(2, "pending", { error: "no suitable node (1 node not available)" }),
      ],
      reports(),
      "replica 2: no suitable node (1 node not available)",
    ],
    [
      "one replica is rejected and no node can start the other",
      [task(1, "starting"), task(2, "rejected", { error: "No such image: a:b" })],
      reports({ t1: refused }),
      "replica 2: No such image: a:b",
    ],
  ])("returns stuck when %s", (_what, tasks, given, reason) => {
    const assessment = assessRollout(TARGET, snapshot(tasks), given);
    expect(assessment).toMatchObject({ kind: "stuck", isRetrying: false });
    expect(JSON.stringify(assessment)).toContain(reason);
  });

  it.each([
    ["ready", { kind: "waiting" }],
    ["starting", { kind: "waiting" }],
    ["preparing", { kind: "stuck", isRetrying: true }],
    ["assigned", { kind: "stuck", isRetrying: false }],
  ])("assesses a rejected replica whose next task is %s", (state, assessment) => {
    const tasks = [task(1, "rejected", { error: "network a not found" }), task(1, state)];
    expect(assessRollout({ ...TARGET, replicas: 1 }, snapshot(tasks), reports())).toMatchObject(
      assessment,
    );
  });

  it("reports the reason of a replaced task if its successor has none", () => {
    const first = task(1, "failed", { id: "a", desiredState: "shutdown", error: "exit (1)" });
    const next = task(1, "ready", { id: "b", desiredState: "ready" });
    const assessment = assessRollout(
      { ...TARGET, replicas: 1 },
      snapshot([next, first]),
      reports(),
    );
    expect(assessment).toEqual({
      kind: "waiting",
      reasons: ["0 of 1 replica online", "replica 1: exit (1)"],
    });
  });

  it.each([
    ["rollback_started", "Swarm is rolling the update back"],
    ["rollback_completed", "Swarm has rolled the update back"],
    ["rollback_paused", "Swarm stopped rolling the update back, because a previous replica failed"],
    ["paused", "Swarm paused the update"],
  ])(
    "returns failed when the update is %s, even though the old replicas run",
    (state, sentence) => {
      const old = [1, 2].map((slot) => task(slot, "running", { generation: "g1" }));
      const generation = state === "paused" ? "g2" : "g1";
      const assessment = assessRollout(
        TARGET,
        snapshot([...old, task(1, "failed", { id: "new", desiredState: "shutdown" })], {
          generation,
          update: { state, message: "task abc failed" },
        }),
        reports({ new: refused }),
      );
      expect(assessment).toMatchObject({ kind: "failed" });
      const text = JSON.stringify(assessment);
      expect(text).toContain(sentence);
      expect(text).toContain("task abc failed");
      expect(text).toContain("replica 1: refused: 403 Forbidden");
    },
  );

  it("names settings as the user wrote them in the message of a replica", () => {
    const message = "RUNNER_CONFIG_TEMPLATE and RUNNER_CI_TOKEN_FILE, not RUNNER_OTHER";
    const assessment = assessRollout(
      { ...TARGET, replicas: 1 },
      snapshot([task(1, "running")]),
      reports({ t1: { last: { state: "refused", message } } }),
    );
    expect(assessment).toMatchObject({
      reasons: expect.arrayContaining([
        "replica 1: refused: `configTemplate` and `token`, not RUNNER_OTHER",
      ]),
    });
  });

  it("names the setting of a proxy that rejects its login", () => {
    const answer = "http://gitlab.test: proxy p:3128 answered 407 Proxy Authentication Required";
    const remedy = `(${adviseOnLogin("http://gitlab.test")}); retrying in 0.4 s`;
    const assessment = assessRollout(
      { ...TARGET, replicas: 1 },
      snapshot([task(1, "running")]),
      reports({ t1: { last: { state: "waiting", message: `${answer} ${remedy}` } } }),
    );
    expect(assessment).toMatchObject({
      reasons: expect.arrayContaining([
        `replica 1: waiting: ${answer} (correct the user and the password in \`proxy.http\` or HTTP_PROXY); retrying in 0.4 s`,
      ]),
    });
  });

  it("reports that the service was modified outside this update", () => {
    const assessment = assessRollout(TARGET, snapshot([], { generation: undefined }), reports());
    expect(JSON.stringify(assessment)).toContain("the service was modified outside this update");
  });
});
