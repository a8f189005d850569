import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { EngineError, type EngineApi } from "../../../../components/docker/engine-api";
import { formatOnlineMessage } from "../../../../contract/online-message";
import { waitUntilOnline } from "../../../../components/wait/wait-until-online";

const SERVICE = { id: "s1", name: "ci" };
const GOAL = {
  generation: "g",
  replicas: 1,
  begun: "2026-01-01T00:00:00Z",
  waitingSince: "2026-01-01T00:00:05Z",
};
const ENV = ['RUNNER_SETTINGS={"RUNNER_GENERATION":"g"}'];

const task = (State: string, rest: object = {}) => ({
  ID: "t1",
  Slot: 1,
  CreatedAt: "2026-01-01T00:00:10Z",
  DesiredState: "running",
  Spec: { ContainerSpec: { Env: ENV } },
  Status: { State, Timestamp: "2026-01-01T00:00:11Z", ...rest },
});

/** An engine whose tasks and log are given. */
function engine(tasks: () => readonly object[]) {
  const log = new PassThrough();
  const asked: string[] = [];
  const fake: Pick<EngineApi, "get" | "open"> = {
    get: (path) => {
      asked.push(path);
      const service = {
        UpdatedAt: "2026-01-01T00:00:02Z",
        Spec: { TaskTemplate: { ContainerSpec: { Env: ENV } } },
      };
      return Promise.resolve(path === "/tasks" ? tasks() : service);
    },
    open: (path) => {
      asked.push(path);
      return Promise.resolve(log as unknown as Awaited<ReturnType<EngineApi["open"]>>);
    },
  };
  const say = (text: string) => {
    const line = Buffer.from(
      `com.docker.swarm.node.id=n,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1 ${text}\n`,
    );
    const header = Buffer.alloc(8);
    header.writeUInt32BE(line.length, 4);
    log.write(Buffer.concat([header, line]));
  };
  return { api: fake as EngineApi, say, asked };
}

describe("waitUntilOnline", () => {
  it("asks twice and reads no log when all replicas run", async () => {
    const { api, asked } = engine(() => [task("running")]);
    await waitUntilOnline(api, SERVICE, GOAL, 5);
    expect(asked).toEqual(["/services/s1", "/tasks"]);
  });

  it("returns as soon as the replica says that it is online", async () => {
    const { api, say } = engine(() => [task("starting")]);
    setTimeout(say, 100, "gitlab-runner-pool: online: system ID r_1");
    const start = Date.now();
    await waitUntilOnline(api, SERVICE, GOAL, 5);
    expect(Date.now() - start).toBeLessThan(400);
  });

  it("goes on with the log when the engine ends it", async () => {
    const { api, say } = engine(() => [task("starting")]);
    const open = api.open.bind(api);
    let opened = 0;
    api.open = (...args) => {
      opened += 1;
      if (opened > 1) return open(...args);
      const ended = new PassThrough();
      ended.end();
      return Promise.resolve(ended as unknown as Awaited<ReturnType<EngineApi["open"]>>);
    };
    say("gitlab-runner-pool: online: system ID r_1");
    const start = Date.now();
    await waitUntilOnline(api, SERVICE, GOAL, 5);
    expect(Date.now() - start).toBeLessThan(2_000);
  });

  it("tells when the token expires, as the replica said", async () => {
    const { api, say } = engine(() => [task("starting")]);
    const expiry = "2027-01-01T00:00:00.000Z";
    const text = formatOnlineMessage({ systemId: "r_1", runnerId: 1, tokenExpiresAt: expiry });
    setTimeout(say, 50, `gitlab-runner-pool: online: ${text}`);
    const said = await waitUntilOnline(api, SERVICE, GOAL, 5);
    expect([...said.values()].map(({ tokenExpiresAt }) => tokenExpiresAt)).toEqual([expiry]);
  });

  it("fails with GitLab's own words as soon as the replica is refused", async () => {
    const { api, say } = engine(() => [task("starting")]);
    setTimeout(say, 50, "gitlab-runner-pool: refused: 403 Forbidden");
    await expect(waitUntilOnline(api, SERVICE, GOAL, 30)).rejects.toThrow(
      "the replicas of ci do not come online:\n  - 0 of 1 are online\n  - replica 1: refused: 403 Forbidden",
    );
  });

  it("reads the log before it tells of a task that failed", async () => {
    const failed = task("failed", {
      Err: "task: non-zero exit (69)",
      ContainerStatus: { ExitCode: 69 },
    });
    const { api, say } = engine(() => [failed]);
    setTimeout(say, 100, "gitlab-runner-pool: refused: 403 Forbidden");
    await expect(waitUntilOnline(api, SERVICE, GOAL, 30)).rejects.toThrow(
      "replica 1: refused: 403 Forbidden; task: non-zero exit (69)",
    );
  });

  describe("while swarm cannot start a replica", () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate"] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    const rejected = task("rejected", { Err: "network ci not found" });

    it("gives up after 10 s, with swarm's words", async () => {
      const { api } = engine(() => [rejected]);
      let ended = false;
      const waiting = waitUntilOnline(api, SERVICE, GOAL, 60).finally(() => (ended = true));
      const failure = expect(waiting).rejects.toThrow(
        "the replicas of ci do not come online:\n  - 0 of 1 are online\n  - replica 1: network ci not found",
      );
      await jest.advanceTimersByTimeAsync(9_000);
      expect(ended).toBe(false);
      await jest.advanceTimersByTimeAsync(2_000);
      await failure;
    });

    it.each([
      ["is made at once and started after swarm's pause", 5_000, ["ready", "starting"]],
      ["takes long to be made", 5_000, ["preparing", "preparing", "preparing"]],
    ])("is content if the next try %s, and succeeds", async (_, after, states) => {
      let next: readonly object[] = [];
      const { api } = engine(() => [rejected, ...next]);
      const waiting = waitUntilOnline(api, SERVICE, GOAL, 60);
      await jest.advanceTimersByTimeAsync(after);
      for (const state of [...states, "running"]) {
        next = [{ ...task(state), ID: "t2", CreatedAt: "2026-01-01T00:00:16Z" }];
        await jest.advanceTimersByTimeAsync(5_300);
      }
      expect((await waiting).size).toBe(0);
    });

    it("does not begin anew when the engine cannot be read once", async () => {
      let look = 0;
      const { api } = engine(() => [rejected]);
      const get = api.get.bind(api);
      api.get = (...args) =>
        (look += 1) === 20 ? Promise.reject(new Error("connect ECONNREFUSED")) : get(...args);
      const failure = expect(waitUntilOnline(api, SERVICE, GOAL, 60)).rejects.toThrow(
        "network ci not found",
      );
      await jest.advanceTimersByTimeAsync(11_000);
      expect(look).toBeGreaterThan(20);
      await failure;
    });
  });

  it("gives up after the timeout, with the last words of each replica", async () => {
    const { api, say } = engine(() => [task("starting")]);
    setTimeout(say, 50, "gitlab-runner-pool: waiting: connect ECONNREFUSED");
    await expect(waitUntilOnline(api, SERVICE, GOAL, 1)).rejects.toThrow(
      "the replicas of ci were not all online after 1s (`onlineTimeout`):\n  - 0 of 1 are online\n  - replica 1: waiting: connect ECONNREFUSED",
    );
  });

  it.each([
    ["does not answer in time", new Error("the operation was aborted due to timeout")],
    ["is no manager for a moment", new EngineError("This node is not a swarm manager", 503)],
  ])("asks again when the engine %s", async (_, error) => {
    const { api } = engine(() => [task("running")]);
    const get = api.get.bind(api);
    let asked = 0;
    api.get = (...args) => ((asked += 1) <= 2 ? Promise.reject(error) : get(...args));
    const said = await waitUntilOnline(api, SERVICE, GOAL, 5);
    expect(said.size).toBe(0);
  });

  it("names the last error of the engine after the timeout, and what was known before", async () => {
    const { api } = engine(() => [task("starting")]);
    const get = api.get.bind(api);
    let asked = 0;
    api.get = (...args) =>
      (asked += 1) <= 2 ? get(...args) : Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(waitUntilOnline(api, SERVICE, GOAL, 1)).rejects.toThrow(
      [
        "the replicas of ci were not all online after 1s (`onlineTimeout`):",
        "0 of 1 are online",
        "replica 1: starting, has said nothing yet",
        "the service cannot be read now: connect ECONNREFUSED",
      ].join("\n  - "),
    );
  });

  it("fails at once when the service is gone", async () => {
    const { api } = engine(() => []);
    api.get = () => Promise.reject(new EngineError("service s1 not found", 404));
    const start = Date.now();
    await expect(waitUntilOnline(api, SERVICE, GOAL, 5)).rejects.toThrow("service s1 not found");
    expect(Date.now() - start).toBeLessThan(1_000);
  });
});
