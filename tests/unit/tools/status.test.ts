import { explainPullFailure } from "../../../contract/pull-failure";
import { describe, expect, it } from "@jest/globals";
import type { TimedLine } from "../../../tools/docker/replica-lines";
import { chooseExitCode, poolStatus, type Sources } from "../../../tools/status/model";
import { describeActivity } from "../../../tools/status/replica-activity";
import { renderStatus } from "../../../tools/status/table";
import { manager, pool, task } from "./fixtures";

function line(state: TimedLine["state"], message = "", at = "2026-11-24T09:00:05Z"): TimedLine {
  return { state, message, at };
}

function status(changes: Partial<Sources> = {}) {
  return poolStatus({ pool: pool(), reports: new Map(), managers: [manager()], ...changes });
}

function stateOf(changes: Partial<Sources> = {}) {
  return status(changes).replicas.map(({ state }) => describeActivity(state));
}

const starting = pool({ tasks: [task({ state: "starting" })] });

describe("the displayed state of a replica", () => {
  it("is idle without a job", () => {
    expect(stateOf()).toEqual(["idle"]);
  });

  it("lists the running jobs", () => {
    expect(stateOf({ managers: [manager({ jobs: [12, 13] })] })).toEqual(["running jobs 12, 13"]);
  });

  it("is registering until GitLab has accepted it", () => {
    const reports = new Map([["task1", [line("starting")]]]);

    expect(stateOf({ pool: starting, reports, managers: [] })).toEqual(["registering"]);
  });

  it("comes from GitLab if its log cannot be read", () => {
    expect(stateOf({ pool: starting })).toEqual(["idle"]);
  });

  it("shows what the replica is waiting for", () => {
    const reports = new Map([
      ["task1", [line("waiting", "GitLab answers 502"), line("warning", "x")]],
    ]);

    expect(stateOf({ pool: starting, reports, managers: [] })).toEqual([
      "waiting: GitLab answers 502",
    ]);
  });

  it("is online as soon as the replica reports it, before the health check has passed", () => {
    const reports = new Map([["task1", [line("waiting", "GitLab answers 502"), line("online")]]]);

    expect(stateOf({ pool: starting, reports })).toEqual(["idle"]);
  });

  it("is draining since the replica reported it, with its job", () => {
    const reports = new Map([
      ["task1", [line("online"), line("draining", "", "2026-11-24T09:10:00Z")]],
    ]);

    expect(stateOf({ reports, managers: [manager({ jobs: [12] })] })).toEqual([
      "draining since 2026-11-24 09:10:00 UTC, running job 12",
    ]);
  });

  it("is draining as soon as Swarm's desired state is shutdown", () => {
    const stopping = pool({ tasks: [task({ desiredState: "remove" })] });

    expect(stateOf({ pool: stopping })).toEqual(["draining since 2026-11-24 09:00:01 UTC"]);
  });

  it("shows why Swarm does not start it", () => {
    const pending = task({ state: "pending", message: "no suitable node" });

    expect(stateOf({ pool: pool({ tasks: [pending] }), managers: [] })).toEqual([
      "pending: no suitable node",
    ]);
  });

  it("shows how the previous replica ended", () => {
    const failed = task({ id: "old", state: "failed", message: "task: non-zero exit (69)" });
    const next = task({ state: "ready", created: "2026-11-24T09:05:00Z" });
    const restarting = pool({ tasks: [next, failed] });

    expect(stateOf({ pool: restarting, managers: [] })).toEqual([
      "ready (restart after: task: non-zero exit (69))",
    ]);
    const reports = new Map([["old", [line("refused", "GitLab says 403")]]]);
    expect(stateOf({ pool: restarting, reports, managers: [] })).toEqual([
      "ready (restart after: GitLab says 403)",
    ]);
  });
});

describe("a replica whose node cannot pull the image", () => {
  it("is a problem that names the node and where the reason is", () => {
    const explained = explainPullFailure("No such image: r.example.com/ci/runner:1", "worker-3");
    const rejected = task({ id: "old", state: "rejected", message: explained });
    const next = task({ state: "preparing", created: "2026-11-24T09:05:00Z" });
    const { problems } = status({ pool: pool({ tasks: [next, rejected] }), managers: [] });
    expect(problems).toContain(
      "replica 1 does not start: preparing (restart after: No such image: r.example.com/ci/runner:1; node worker-3 cannot pull it, and the log of its Docker engine has the answer of the registry (`journalctl -u docker`))",
    );
  });
});

describe("a replica that was online", () => {
  const online = line("online", "accepts jobs as manager r_pool00000001 of runner 7");
  const refused = line("refused", "403 Forbidden");
  const waiting = line("waiting", "GitLab answered 502");

  it.each([
    ["rejects it", [online, refused], "refused: 403 Forbidden"],
    ["rejects it again", [online, refused, online, refused], "refused: 403 Forbidden"],
    ["does not answer", [online, waiting], "waiting: GitLab answered 502"],
  ])("is a problem if GitLab %s", (_, lines, state) => {
    const reports = new Map([["task1", lines]]);
    const words = state.replace("refused", "is refused").replace("waiting", "is waiting");

    expect(stateOf({ reports })).toEqual([state]);
    expect(status({ reports }).problems).toEqual([`replica 1 ${words}`]);
    expect(chooseExitCode([status({ reports })])).toBe(1);
  });

  it.each([
    ["accepts it again", [online, refused, online]],
    ["answers again", [online, waiting, line("warning", "x"), online]],
  ])("is not a problem if GitLab %s", (_, lines) => {
    const reports = new Map([["task1", lines]]);

    expect(stateOf({ reports })).toEqual(["idle"]);
    expect(status({ reports }).problems).toEqual([]);
  });

  it.each([
    ["59 minutes", "2026-11-24T09:01:00Z", []],
    [
      "61 minutes",
      "2026-11-24T08:58:30Z",
      ["replica 1 (r_pool00000001) has not contacted GitLab for 1h1m"],
    ],
  ])("may be silent because of long polling: %s", (_, contacted, problems) => {
    const now = new Date("2026-11-24T10:00:00Z");

    expect(status({ managers: [manager({ contacted })], now }).problems).toEqual(problems);
  });

  it("is a problem if it was created long ago and never contacted GitLab", () => {
    const now = new Date("2026-11-24T12:00:02Z");
    const managers = [manager({ contacted: undefined })];

    expect(status({ managers, now }).problems).toEqual([
      "replica 1 (r_pool00000001) has not contacted GitLab for 3h",
    ]);
  });

  it("gets no jobs from a paused runner", () => {
    expect(status({ paused: [7] }).problems).toEqual([
      "runner 7 is paused in GitLab: its replicas get no jobs",
    ]);
  });

  it("is busy if its job is hidden", () => {
    const managers = [manager({ isBusy: true })];

    expect(stateOf({ managers })).toEqual(["busy, jobs not shown"]);
    expect(status({ managers }).problems).toEqual([]);
  });

  it("is online if GitLab reports neither its jobs nor whether it is busy", () => {
    expect(stateOf({ managers: [manager({ isBusy: undefined })] })).toEqual(["online"]);
  });
});

describe("poolStatus", () => {
  it("finds no problem if Docker and GitLab agree", () => {
    expect(status().problems).toEqual([]);
  });

  it("reports a replica without a manager in GitLab", () => {
    const { problems, replicas } = status({ managers: [] });

    expect(problems).toEqual(["replica 1 (r_pool00000001) is not in GitLab"]);
    expect(replicas[0]?.runner).toBeUndefined();
  });

  it("reports a stale manager", () => {
    const ghost = manager({ systemId: "r_pool0000dead" });
    const { problems, replicas } = status({ managers: [manager(), ghost] });

    expect(problems).toEqual([expect.stringContaining("r_pool0000dead of runner 7")]);
    expect(replicas.map(({ state }) => state.kind)).toEqual(["idle", "stale"]);
  });

  it("reports missing replicas", () => {
    expect(status({ pool: pool({ desired: 3 }) }).problems).toEqual([
      "1 of 3 replicas are running",
    ]);
  });

  it("reports no problem for a draining replica that is already deregistered", () => {
    const stopping = pool({ desired: 0, tasks: [task({ desiredState: "shutdown" })] });

    expect(status({ pool: stopping, managers: [] }).problems).toEqual([]);
  });

  it("expects no manager for a replica without a container", () => {
    const pending = pool({ tasks: [task({ state: "pending" })] });

    expect(status({ pool: pending, managers: [] }).problems).toEqual([
      "0 of 1 replicas are running",
    ]);
  });

  it("reports that GitLab's data is unavailable, and no other problem", () => {
    const { problems, gitlabUnavailable } = status({ managers: { unavailable: "no token" } });

    expect(gitlabUnavailable).toBe("no token");
    expect(problems).toEqual([]);
  });

  it("shows each warning of the running replicas once", () => {
    const warning = line("warning", "the token expires on 2026-12-01");

    expect(status({ reports: new Map([["task1", [warning, warning]]]) }).warnings).toEqual([
      "the token expires on 2026-12-01",
    ]);
  });
});

describe("the exit code of the status", () => {
  const well = status();
  const missing = status({ managers: { unavailable: "no token" } });
  const few = status({ pool: pool({ desired: 3 }) });

  it.each([
    ["0 if all is well", [well, well], 0],
    ["0 without a pool", [], 0],
    ["1 if one pool has a problem", [well, few], 1],
    ["2 if GitLab's data is unavailable for one pool", [well, missing], 2],
    ["2 if data is unavailable for one pool and another pool has a problem", [few, missing], 2],
  ])("is %s", (_, pools, code) => {
    expect(chooseExitCode(pools)).toBe(code);
  });
});

describe("renderStatus", () => {
  const both = status({
    pool: pool({
      desired: 2,
      tasks: [task(), task({ id: "t2", slot: 2, systemIds: ["r_pool00000002"] })],
    }),
    managers: [manager({ jobs: [12] }), manager({ systemId: "r_pool0000dead" })],
  });

  it("renders a table", () => {
    expect(renderStatus([both]).split("\n")).toEqual([
      "gitlab-runner-pool-dev: 2 replicas at https://gitlab.example.com",
      "SLOT  NODE    STATE                                                SYSTEM ID       IMAGE        RUNNER",
      "1     node-a  running job 12                                       r_pool00000001  v19.4.0-abc  7",
      "2     node-a  online                                               r_pool00000002  v19.4.0-abc  not in GitLab",
      "-     -       stale manager, last contact 2026-11-24 09:59:50 UTC  r_pool0000dead  -            7",
      "problem: replica 2 (r_pool00000002) is not in GitLab",
      "problem: stale manager r_pool0000dead of runner 7: no replica uses it; `npm run reap` can delete it once it is silent",
      "",
    ]);
  });

  it("shortens states to fit the terminal", () => {
    const lines = renderStatus([both], 80).split("\n").slice(1, 5);

    expect(lines.every((text) => text.length <= 80)).toBe(true);
    expect(lines[3]).toContain("…");
  });

  it("shortens nothing if the terminal's width is unknown", () => {
    expect(renderStatus([both], 0)).toBe(renderStatus([both]));
  });

  it("reports that there is no pool", () => {
    expect(renderStatus([])).toBe("no pools in this swarm\n");
  });
});
