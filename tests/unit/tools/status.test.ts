import { describe, expect, it } from "@jest/globals";
import type { TimedLine } from "../../../tools/docker/replica-lines";
import { exitCodeOf, poolStatus, type Sources } from "../../../tools/status/model";
import { describeState } from "../../../tools/status/replica-state";
import { renderStatus } from "../../../tools/status/table";
import { manager, pool, task } from "./fixtures";

function line(state: TimedLine["state"], message = "", at = "2026-11-24T09:00:05Z"): TimedLine {
  return { state, message, at };
}

function status(changes: Partial<Sources> = {}) {
  return poolStatus({ pool: pool(), said: new Map(), managers: [manager()], ...changes });
}

function stateOf(changes: Partial<Sources> = {}) {
  return status(changes).replicas.map(({ state }) => describeState(state));
}

const starting = pool({ tasks: [task({ state: "starting" })] });

describe("the state of a replica", () => {
  it("is idle without a job", () => {
    expect(stateOf()).toEqual(["idle"]);
  });

  it("names the jobs that run", () => {
    expect(stateOf({ managers: [manager({ jobs: [12, 13] })] })).toEqual(["running jobs 12, 13"]);
  });

  it("is registering until GitLab has accepted it", () => {
    const said = new Map([["task1", [line("starting")]]]);

    expect(stateOf({ pool: starting, said, managers: [] })).toEqual(["registering"]);
  });

  it("is what GitLab knows of it where its log cannot be read", () => {
    expect(stateOf({ pool: starting })).toEqual(["idle"]);
  });

  it("says what it waits for", () => {
    const said = new Map([
      ["task1", [line("waiting", "GitLab answers 502"), line("warning", "x")]],
    ]);

    expect(stateOf({ pool: starting, said, managers: [] })).toEqual([
      "waiting: GitLab answers 502",
    ]);
  });

  it("is online by its own word before the health check has passed", () => {
    const said = new Map([["task1", [line("waiting", "GitLab answers 502"), line("online")]]]);

    expect(stateOf({ pool: starting, said })).toEqual(["idle"]);
  });

  it("is draining since it said so, with its job", () => {
    const said = new Map([
      ["task1", [line("online"), line("draining", "", "2026-11-24T09:10:00Z")]],
    ]);

    expect(stateOf({ said, managers: [manager({ jobs: [12] })] })).toEqual([
      "draining since 2026-11-24 09:10:00 UTC, running job 12",
    ]);
  });

  it("is draining as soon as swarm wants it to stop", () => {
    const stopping = pool({ tasks: [task({ desiredState: "remove" })] });

    expect(stateOf({ pool: stopping })).toEqual(["draining since 2026-11-24 09:00:01 UTC"]);
  });

  it("says why swarm does not start it", () => {
    const pending = task({ state: "pending", message: "no suitable node" });

    expect(stateOf({ pool: pool({ tasks: [pending] }), managers: [] })).toEqual([
      "pending: no suitable node",
    ]);
  });

  it("says how the one before it ended", () => {
    const failed = task({ id: "old", state: "failed", message: "task: non-zero exit (69)" });
    const next = task({ state: "ready", created: "2026-11-24T09:05:00Z" });
    const restarting = pool({ tasks: [next, failed] });

    expect(stateOf({ pool: restarting, managers: [] })).toEqual([
      "ready again after: task: non-zero exit (69)",
    ]);
    const said = new Map([["old", [line("refused", "GitLab says 403")]]]);
    expect(stateOf({ pool: restarting, said, managers: [] })).toEqual([
      "ready again after: GitLab says 403",
    ]);
  });
});

describe("poolStatus", () => {
  it("finds no problem where both sides agree", () => {
    expect(status().problems).toEqual([]);
  });

  it("finds a replica that GitLab does not know", () => {
    const { problems, replicas } = status({ managers: [] });

    expect(problems).toEqual(["GitLab does not know replica 1 (r_pool00000001)"]);
    expect(replicas[0]?.runner).toBeUndefined();
  });

  it("finds a manager that no replica owns", () => {
    const ghost = manager({ systemId: "r_pool0000dead" });
    const { problems, replicas } = status({ managers: [manager(), ghost] });

    expect(problems).toEqual([expect.stringContaining("r_pool0000dead of runner 7")]);
    expect(replicas.map(({ state }) => state.kind)).toEqual(["idle", "GitLab only"]);
  });

  it("finds missing replicas", () => {
    expect(status({ pool: pool({ wanted: 3 }) }).problems).toEqual(["1 of 3 replicas run"]);
  });

  it("does not blame a replica that drains and is off GitLab already", () => {
    const stopping = pool({ wanted: 0, tasks: [task({ desiredState: "shutdown" })] });

    expect(status({ pool: stopping, managers: [] }).problems).toEqual([]);
  });

  it("does not expect GitLab to know a replica that has no container yet", () => {
    const pending = pool({ tasks: [task({ state: "pending" })] });

    expect(status({ pool: pending, managers: [] }).problems).toEqual(["0 of 1 replicas run"]);
  });

  it("says that GitLab's side is missing, and blames nobody for it", () => {
    const { problems, gitlabMissing } = status({ managers: { missing: "no token" } });

    expect(gitlabMissing).toBe("no token");
    expect(problems).toEqual([]);
  });

  it("passes on what living replicas warn of, once", () => {
    const warning = line("warning", "the token expires on 2026-12-01");

    expect(status({ said: new Map([["task1", [warning, warning]]]) }).warnings).toEqual([
      "the token expires on 2026-12-01",
    ]);
  });
});

describe("the exit code of the status", () => {
  const well = status();
  const missing = status({ managers: { missing: "no token" } });
  const few = status({ pool: pool({ wanted: 3 }) });

  it.each([
    ["0 if all is well", [well, well], 0],
    ["0 without a pool", [], 0],
    ["1 if one pool has a problem", [well, few], 1],
    ["2 if GitLab's side of one pool is missing", [well, missing], 2],
    ["2 if one side is missing, whatever the other tells", [few, missing], 2],
  ])("is %s", (_, pools, code) => {
    expect(exitCodeOf(pools)).toBe(code);
  });
});

describe("renderStatus", () => {
  const both = status({
    pool: pool({
      wanted: 2,
      tasks: [task(), task({ id: "t2", slot: 2, systemId: "r_pool00000002" })],
    }),
    managers: [manager({ jobs: [12] }), manager({ systemId: "r_pool0000dead" })],
  });

  it("writes a table", () => {
    expect(renderStatus([both]).split("\n")).toEqual([
      "gitlab-runner-pool-dev: 2 replicas at https://gitlab.example.com",
      "SLOT  NODE    STATE                                                 SYSTEM ID       IMAGE        RUNNER",
      "1     node-a  running job 12                                        r_pool00000001  v19.4.0-abc  7",
      "2     node-a  online                                                r_pool00000002  v19.4.0-abc  not in GitLab",
      "-     -       not in Docker, last heard of 2026-11-24 09:59:50 UTC  r_pool0000dead  -            7",
      "problem: GitLab does not know replica 2 (r_pool00000002)",
      "problem: GitLab shows a manager that no replica owns: r_pool0000dead of runner 7; `npm run reap` removes it once it is silent",
      "",
    ]);
  });

  it("cuts states to fit the terminal", () => {
    const lines = renderStatus([both], 80).split("\n").slice(1, 5);

    expect(lines.every((text) => text.length <= 80)).toBe(true);
    expect(lines[3]).toContain("…");
  });

  it("cuts nothing for a terminal that does not tell its width", () => {
    expect(renderStatus([both], 0)).toBe(renderStatus([both]));
  });

  it("says so where there is no pool", () => {
    expect(renderStatus([])).toBe("no pool runs in this swarm\n");
  });
});
