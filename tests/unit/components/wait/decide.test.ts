import { describe, expect, it } from "@jest/globals";
import { decide, type SaidByTask } from "../../../../components/wait/decide";
import type { Said, Snapshot, Task } from "../../../../components/wait/snapshot";

const GOAL = {
  generation: "g2",
  replicas: 2,
  begun: "2026-01-01T00:00:00Z",
  waitingSince: "2026-01-01T00:00:05Z",
};

let created = 0;

const task = (slot: number, state: string, rest: Partial<Task> = {}): Task => ({
  id: `t${slot}`,
  slot,
  generation: "g2",
  created: `2026-01-01T00:00:${String(10 + created++ / 100)}Z`,
  state,
  changed: "2026-01-01T00:01:00Z",
  desiredState: "running",
  error: "",
  exitCode: undefined,
  ...rest,
});

const snapshot = (tasks: readonly Task[], rest: Partial<Snapshot> = {}): Snapshot => ({
  generation: "g2",
  update: undefined,
  updated: "2026-01-01T00:00:02Z",
  tasks,
  ...rest,
});

const said = (entries: Record<string, Partial<Said>> = {}): SaidByTask =>
  new Map(
    Object.entries(entries).map(([id, words]) => [
      id,
      { online: false, last: undefined, ...words },
    ]),
  );

const online = { online: true };
const refused = { last: { state: "refused", message: "403 Forbidden" } } as const;
const waiting = { last: { state: "waiting", message: "connect ECONNREFUSED" } } as const;

describe("decide", () => {
  it.each<[string, Task[], SaidByTask]>([
    ["swarm calls all tasks running", [task(1, "running"), task(2, "running")], said()],
    [
      "all replicas said so",
      [task(1, "starting"), task(2, "starting")],
      said({ t1: online, t2: online }),
    ],
    ["one way or the other", [task(1, "running"), task(2, "starting")], said({ t2: online })],
    [
      "slots are numbered with gaps, and one more still goes",
      [task(3, "running"), task(7, "running"), task(9, "running", { desiredState: "shutdown" })],
      said(),
    ],
  ])("is content when %s", (_what, tasks, words) => {
    expect(decide(GOAL, snapshot(tasks), words)).toEqual({ kind: "online" });
  });

  it("needs nothing for a pool of none", () => {
    expect(decide({ ...GOAL, replicas: 0 }, snapshot([]), said())).toEqual({ kind: "online" });
  });

  it.each<[string, Task[], SaidByTask]>([
    ["no task is there yet", [], said()],
    [
      "replicas of an older spec run",
      [1, 2].map((s) => task(s, "running", { generation: "g1" })),
      said(),
    ],
    ["one said nothing", [task(1, "running"), task(2, "starting")], said()],
    [
      "one that said so has ended",
      [task(1, "running"), task(2, "failed", { desiredState: "shutdown" })],
      said({ t2: online }),
    ],
    [
      "one was refused, and the other may still come",
      [task(1, "starting"), task(2, "starting")],
      said({ t1: refused }),
    ],
    [
      "GitLab does not answer",
      [task(1, "starting"), task(2, "starting")],
      said({ t1: waiting, t2: waiting }),
    ],
    [
      "a refusal is old, and swarm tries again",
      [1, 2].map((s) => task(s, "failed", { exitCode: 69, changed: "2025-12-31T23:00:00Z" })),
      said(),
    ],
    ["a replica was killed", [1, 2].map((s) => task(s, "failed", { exitCode: 137 })), said()],
  ])("waits while %s", (_what, tasks, words) => {
    expect(decide(GOAL, snapshot(tasks), words).kind).toBe("waiting");
  });

  it.each<[string, string, string, "stuck" | "waiting"]>([
    ["after the program changed the service", "00:00:03", "00:00:02", "stuck"],
    ["before the wait, where nothing was changed", "00:00:02", "23:59:00", "waiting"],
    ["during the wait, where nothing was changed", "00:00:06", "23:59:00", "stuck"],
  ])("judges a failure %s", (_what, failed, updated, kind) => {
    const changed = `2026-01-01T${failed}Z`;
    const tasks = [1, 2].map((slot) => task(slot, "rejected", { changed, error: "No such image" }));
    const date = updated.startsWith("23") ? "2025-12-31" : "2026-01-01";
    const seen = snapshot(tasks, { updated: `${date}T${updated}Z` });
    expect(decide(GOAL, seen, said()).kind).toBe(kind);
  });

  it.each<[string, Task[], SaidByTask, string]>([
    [
      "GitLab refuses them",
      [task(1, "starting"), task(2, "starting")],
      said({ t1: refused, t2: refused }),
      "replicas 1, 2: refused: 403 Forbidden",
    ],
    [
      "they end as refused, and their log cannot be read",
      [1, 2].map((s) =>
        task(s, "failed", {
          exitCode: 69,
          desiredState: "shutdown",
          error: "task: non-zero exit (69)",
        }),
      ),
      said(),
      "replicas 1, 2: task: non-zero exit (69)",
    ],
  ])("gives up when %s", (_what, tasks, words, reason) => {
    const decision = decide(GOAL, snapshot(tasks), words);
    expect(decision).toMatchObject({ kind: "failed" });
    expect(JSON.stringify(decision)).toContain(reason);
  });

  it.each<[string, Task[], SaidByTask, string]>([
    [
      "the image cannot be had",
      [task(1, "running"), task(2, "rejected", { error: "No such image: a:b" })],
      said(),
      "replica 2: No such image: a:b",
    ],
    [
      "no node fits",
      [
        task(1, "running"),
        task(2, "pending", { error: "no suitable node (1 node not available)" }),
      ],
      said(),
      "replica 2: no suitable node (1 node not available)",
    ],
    [
      "one is refused, and no node can start the other",
      [task(1, "starting"), task(2, "rejected", { error: "No such image: a:b" })],
      said({ t1: refused }),
      "replica 2: No such image: a:b",
    ],
  ])("doubts when %s", (_what, tasks, words, reason) => {
    const decision = decide(GOAL, snapshot(tasks), words);
    expect(decision).toMatchObject({ kind: "stuck", isTrying: false });
    expect(JSON.stringify(decision)).toContain(reason);
  });

  it.each([
    ["ready", { kind: "waiting" }],
    ["starting", { kind: "waiting" }],
    ["preparing", { kind: "stuck", isTrying: true }],
    ["assigned", { kind: "stuck", isTrying: false }],
  ])("judges a next try that is %s", (state, decision) => {
    const tasks = [task(1, "rejected", { error: "network a not found" }), task(1, state)];
    expect(decide({ ...GOAL, replicas: 1 }, snapshot(tasks), said())).toMatchObject(decision);
  });

  it("tells the reason of a task that was replaced, not the silence of its successor", () => {
    const first = task(1, "failed", { id: "a", desiredState: "shutdown", error: "exit (1)" });
    const next = task(1, "ready", { id: "b", desiredState: "ready" });
    const decision = decide({ ...GOAL, replicas: 1 }, snapshot([next, first]), said());
    expect(decision).toEqual({
      kind: "waiting",
      reasons: ["0 of 1 are online", "replica 1: exit (1)"],
    });
  });

  it.each([
    ["rollback_started", "swarm rolls the update back"],
    ["rollback_completed", "swarm rolls the update back"],
    ["rollback_paused", "swarm rolls the update back"],
    ["paused", "swarm paused the update"],
  ])("gives up when the update is %s, though the old replicas run", (state, words) => {
    const old = [1, 2].map((slot) => task(slot, "running", { generation: "g1" }));
    const generation = state === "paused" ? "g2" : "g1";
    const decision = decide(
      GOAL,
      snapshot([...old, task(1, "failed", { id: "new", desiredState: "shutdown" })], {
        generation,
        update: { state, message: "task abc failed" },
      }),
      said({ new: refused }),
    );
    expect(decision).toMatchObject({ kind: "failed" });
    const text = JSON.stringify(decision);
    expect(text).toContain(words);
    expect(text).toContain("task abc failed");
    expect(text).toContain("replica 1: refused: 403 Forbidden");
  });

  it("says that another hand changed the service", () => {
    const decision = decide(GOAL, snapshot([], { generation: undefined }), said());
    expect(JSON.stringify(decision)).toContain("the service was changed by another hand");
  });
});
