import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { EngineError, type EngineApi } from "../../../../docker-engine/api";
import { formatOnlineMessage } from "../../../../contract/online-message";
import { waitUntilOnline } from "../../../../components/wait/wait-until-online";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const SERVICE = { id: "s1", name: "ci" };
const TARGET = { policy: ALL_AT_ONCE, generation: "g", replicas: 1, indexBefore: 100 };
const ENV = ['RUNNER_SETTINGS={"RUNNER_GENERATION":"g"}'];

const task = (State: string, rest: object = {}) => ({
  ID: "t1",
  Version: { Index: 200 },
  Slot: 1,
  CreatedAt: "2026-01-01T00:00:10Z",
  DesiredState: "running",
  Spec: { ContainerSpec: { Env: ENV } },
  Status: { State, Timestamp: "2026-01-01T00:00:11Z", ...rest },
});

/** A fake engine with the given tasks. The test writes its log. */
function engine(tasks: () => readonly object[], update?: object) {
  const log = new PassThrough();
  /** The lines written so far, which a request without `follow` reads. */
  const written: Buffer[] = [];
  const asked: string[] = [];
  const queries: object[] = [];
  const fake: Pick<EngineApi, "get" | "open"> = {
    get: (path) => {
      asked.push(path);
      const service = {
        ID: SERVICE.id,
        Spec: { Name: SERVICE.name, TaskTemplate: { ContainerSpec: { Env: ENV } } },
        UpdateStatus: update,
      };
      return Promise.resolve(path === "/tasks" ? tasks() : service);
    },
    open: (path, query) => {
      asked.push(path);
      queries.push(query);
      const stream = "follow" in query && !("stderr" in query) ? log : Readable.from(written);
      return Promise.resolve(stream as unknown as Awaited<ReturnType<EngineApi["open"]>>);
    },
  };
  const writeLine = (text: string) => {
    const line = Buffer.from(
      `com.docker.swarm.node.id=n,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1 ${text}\n`,
    );
    const header = Buffer.alloc(8);
    header.writeUInt32BE(line.length, 4);
    log.write(Buffer.concat([header, line]));
    written.push(Buffer.concat([header, line]));
  };
  return { api: fake as EngineApi, writeLine, asked, queries };
}

describe("waitUntilOnline", () => {
  it("reads the service, the tasks and the log once when all replicas run", async () => {
    const { api, asked, queries } = engine(() => [task("running")]);
    await waitUntilOnline(api, SERVICE, TARGET, 5);
    expect(asked).toEqual(["/services/s1", "/tasks", "/services/s1/logs"]);
    expect(queries).toEqual([{ stdout: true, tail: "200", details: true }]);
  });

  it("fails when the latest report of a running replica is that GitLab rejects it", async () => {
    const { api, writeLine } = engine(() => [task("running")]);
    writeLine("gitlab-runner-pool: online: system ID r_1");
    writeLine("gitlab-runner-pool: refused: 403 Forbidden");
    await expect(waitUntilOnline(api, SERVICE, TARGET, 30)).rejects.toThrow(
      "replicas of service ci failed to come online:\n  - 0 of 1 replica online\n  - replica 1: refused: 403 Forbidden",
    );
  });

  it("succeeds when a rejected replica is online again", async () => {
    const { api, writeLine } = engine(() => [task("running")]);
    for (const line of ["online: a", "refused: 403 Forbidden", "online: a"]) {
      writeLine(`gitlab-runner-pool: ${line}`);
    }
    expect((await waitUntilOnline(api, SERVICE, TARGET, 5)).size).toBe(1);
  });

  it("waits for a replica until GitLab answers it", async () => {
    const { api, writeLine } = engine(() => [task("running")]);
    writeLine("gitlab-runner-pool: waiting: GitLab has not answered for 3m");
    setTimeout(writeLine, 500, "gitlab-runner-pool: online: a");
    await waitUntilOnline(api, SERVICE, TARGET, 10);
  });

  it("shows the last log lines of a replica that keeps ending", async () => {
    const ended = ["a", "b", "t1"].map((ID, i) => ({
      ...task("failed", { Err: "task: non-zero exit (2)", ContainerStatus: { ExitCode: 2 } }),
      ...{ ID, CreatedAt: `2026-01-01T00:00:1${i}Z` },
    }));
    const { api, writeLine } = engine(() => ended);
    writeLine("entrypoint.sh: 3: Syntax error");
    await expect(waitUntilOnline(api, SERVICE, TARGET, 30)).rejects.toThrow(
      "replica 1: task: non-zero exit (2)\n  - last log lines of one of these replicas:\n      entrypoint.sh: 3: Syntax error",
    );
  });

  it.each<[string, string, object | undefined, number]>([
    ["at once during an update", "failed to come online:", { State: "updating" }, 30],
    ["after the timeout", "were online after 1s (`onlineTimeout`)", undefined, 1],
  ])(
    "shows %s the last error of a gitlab-runner that exited, without secrets",
    async (_when, head, update, seconds) => {
      const { api, writeLine } = engine(() => [task("starting")], update);
      for (const line of [
        "Configuration loaded",
        "\u001b[31;1mFATAL: cannot use     \u001b[0;mglrt-abcdefghijklmnopqrst",
        "gitlab-runner-pool: warning: gitlab-runner exited unexpectedly (code 1)",
        "gitlab-runner-pool: warning: exiting in 58 s (restart backoff)",
      ])
        writeLine(line);
      const error = await waitUntilOnline(api, SERVICE, TARGET, seconds).catch(String);
      expect(error).toContain(head);
      expect(error).toContain("- replica 1: gitlab-runner exited unexpectedly (code 1)\n");
      expect(error).toContain(
        [
          "  - last error of gitlab-runner in one of these replicas:",
          "      FATAL: cannot use [secret]",
        ].join("\n"),
      );
      expect(error).not.toContain("restart backoff");
    },
  );

  it("returns as soon as the replica reports that it is online", async () => {
    const { api, writeLine } = engine(() => [task("starting")]);
    setTimeout(writeLine, 100, "gitlab-runner-pool: online: system ID r_1");
    const start = Date.now();
    await waitUntilOnline(api, SERVICE, TARGET, 5);
    expect(Date.now() - start).toBeLessThan(400);
  });

  it("follows only standard output, since jobs write to the other stream, and only from the new replica on", async () => {
    const veteran = {
      ...task("running"),
      ...{ ID: "t0", Slot: 2, CreatedAt: "2025-01-01T00:00:00Z" },
    };
    const { api, writeLine, queries } = engine(() => [veteran, task("starting")]);
    setTimeout(writeLine, 50, "gitlab-runner-pool: online: system ID r_1");
    await waitUntilOnline(api, SERVICE, { ...TARGET, replicas: 2 }, 5);
    expect(queries).toEqual([
      { stdout: true, tail: "200", details: true },
      {
        follow: true,
        stdout: true,
        details: true,
        since: String(Date.parse("2025-12-31T23:59:10Z") / 1000),
      },
    ]);
  });

  it("opens the log again when the engine ends it", async () => {
    const { api, writeLine } = engine(() => [task("starting")]);
    const open = api.open.bind(api);
    let opened = 0;
    api.open = (...args) => {
      opened += 1;
      if (opened > 1) return open(...args);
      const ended = new PassThrough();
      ended.end();
      return Promise.resolve(ended as unknown as Awaited<ReturnType<EngineApi["open"]>>);
    };
    writeLine("gitlab-runner-pool: online: system ID r_1");
    const start = Date.now();
    await waitUntilOnline(api, SERVICE, TARGET, 5);
    expect(Date.now() - start).toBeLessThan(2_000);
  });

  it("returns when the token expires, as the replica reported", async () => {
    const { api, writeLine } = engine(() => [task("starting")]);
    const expiry = "2027-01-01T00:00:00.000Z";
    const text = formatOnlineMessage({ systemId: "r_1", runnerId: 1, tokenExpiresAt: expiry });
    setTimeout(writeLine, 50, `gitlab-runner-pool: online: ${text}`);
    const reports = await waitUntilOnline(api, SERVICE, TARGET, 5);
    expect([...reports.values()].map(({ tokenExpiresAt }) => tokenExpiresAt)).toEqual([expiry]);
  });

  it("fails with GitLab's message as soon as the replica is rejected", async () => {
    const { api, writeLine } = engine(() => [task("starting")]);
    setTimeout(writeLine, 50, "gitlab-runner-pool: refused: 403 Forbidden");
    await expect(waitUntilOnline(api, SERVICE, TARGET, 30)).rejects.toThrow(
      "replicas of service ci failed to come online:\n  - 0 of 1 replica online\n  - replica 1: refused: 403 Forbidden",
    );
  });

  it("reads the log before it reports a failed task", async () => {
    const failed = task("failed", {
      Err: "task: non-zero exit (69)",
      ContainerStatus: { ExitCode: 69 },
    });
    const { api, writeLine } = engine(() => [failed]);
    setTimeout(writeLine, 100, "gitlab-runner-pool: refused: 403 Forbidden");
    await expect(waitUntilOnline(api, SERVICE, TARGET, 30)).rejects.toThrow(
      "replica 1: refused: 403 Forbidden; task: non-zero exit (69)",
    );
  });

  describe("while Swarm cannot start a replica", () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate"] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    const rejected = task("rejected", { Err: "network ci not found" });

    it("fails after 10 s with Swarm's error", async () => {
      const { api } = engine(() => [rejected]);
      let ended = false;
      const waiting = waitUntilOnline(api, SERVICE, TARGET, 60).finally(() => (ended = true));
      const failure = expect(waiting).rejects.toThrow(
        "replicas of service ci failed to come online:\n  - 0 of 1 replica online\n  - replica 1: network ci not found",
      );
      await jest.advanceTimersByTimeAsync(9_000);
      expect(ended).toBe(false);
      await jest.advanceTimersByTimeAsync(2_000);
      await failure;
    });

    it.each([
      ["is created at once and starts after Swarm's pause", 5_000, ["ready", "starting"]],
      ["takes long to prepare", 5_000, ["preparing", "preparing", "preparing"]],
    ])("succeeds if the next attempt %s and then runs", async (_, after, states) => {
      let next: readonly object[] = [];
      const { api } = engine(() => [rejected, ...next]);
      const waiting = waitUntilOnline(api, SERVICE, TARGET, 60);
      await jest.advanceTimersByTimeAsync(after);
      for (const state of [...states, "running"]) {
        next = [{ ...task(state), ID: "t2", CreatedAt: "2026-01-01T00:00:16Z" }];
        await jest.advanceTimersByTimeAsync(5_300);
      }
      expect((await waiting).size).toBe(0);
    });

    it("does not restart the 10 s when one request to the engine fails", async () => {
      let reads = 0;
      const { api } = engine(() => [rejected]);
      const get = api.get.bind(api);
      api.get = (...args) =>
        (reads += 1) === 20 ? Promise.reject(new Error("connect ECONNREFUSED")) : get(...args);
      const failure = expect(waitUntilOnline(api, SERVICE, TARGET, 60)).rejects.toThrow(
        "network ci not found",
      );
      await jest.advanceTimersByTimeAsync(11_000);
      expect(reads).toBeGreaterThan(20);
      await failure;
    });
  });

  it("fails after the timeout with the latest report of each replica", async () => {
    const { api, writeLine } = engine(() => [task("starting")]);
    setTimeout(writeLine, 50, "gitlab-runner-pool: waiting: connect ECONNREFUSED");
    await expect(waitUntilOnline(api, SERVICE, TARGET, 1)).rejects.toThrow(
      "not all replicas of service ci were online after 1s (`onlineTimeout`):\n  - 0 of 1 replica online\n  - replica 1: waiting: connect ECONNREFUSED",
    );
  });

  it.each([
    ["does not answer in time", new Error("the operation was aborted due to timeout")],
    ["is briefly not a manager", new EngineError("This node is not a swarm manager", 503)],
  ])("asks again when the engine %s", async (_, error) => {
    const { api } = engine(() => [task("running")]);
    const get = api.get.bind(api);
    let asked = 0;
    api.get = (...args) => ((asked += 1) <= 2 ? Promise.reject(error) : get(...args));
    const reports = await waitUntilOnline(api, SERVICE, TARGET, 5);
    expect(reports.size).toBe(0);
  });

  it("reports the engine's last error after the timeout, and the reasons known before", async () => {
    const { api } = engine(() => [task("starting")]);
    const get = api.get.bind(api);
    let asked = 0;
    api.get = (...args) =>
      (asked += 1) <= 2 ? get(...args) : Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(waitUntilOnline(api, SERVICE, TARGET, 1)).rejects.toThrow(
      [
        "not all replicas of service ci were online after 1s (`onlineTimeout`):",
        "0 of 1 replica online",
        "replica 1: starting, no log output yet",
        "cannot read the service: connect ECONNREFUSED",
      ].join("\n  - "),
    );
  });

  it("fails at once when the service is gone", async () => {
    const { api } = engine(() => []);
    api.get = () => Promise.reject(new EngineError("service s1 not found", 404));
    const start = Date.now();
    await expect(waitUntilOnline(api, SERVICE, TARGET, 5)).rejects.toThrow("service s1 not found");
    expect(Date.now() - start).toBeLessThan(1_000);
  });
});
