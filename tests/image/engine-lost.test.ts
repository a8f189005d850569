import { existsSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { DOCKER, serve } from "../support/engine-answers";
import { type EngineProxy, listenOnSocket } from "../support/engine-proxy";
import { eventually } from "../support/eventually";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { createSocketFolder } from "../support/socket-folder";

const POLL = "POST /jobs/request";

/**
 * Answers as an engine that is asked for its version. Every job fails, because it answers nothing
 * else.
 */
const engine = serve(DOCKER);

const sockets = createSocketFolder();
afterAll(sockets.remove);

/**
 * Starts a replica whose engine listens on a socket, and which reads the metrics every half second.
 * @param clock how much faster its own clock runs
 */
async function startOnline(
  fixture: ReplicaFixture,
  path: string,
  clock?: number,
): Promise<ReplicaProcess> {
  const env = { RUNNER_EXECUTOR: "docker", RUNNER_IMAGE: "job", DOCKER_HOST: `unix://${path}` };
  const replica = await fixture.replica({
    env: { ...env, POOL_WATCH: "0.5" },
    ...(clock === undefined ? {} : { clock }),
  });
  await replica.waitForState("online");
  return replica;
}

/** Lets a job fail because of the engine. */
async function loseJob({ gitlab }: ReplicaFixture): Promise<void> {
  const { id } = await gitlab.enqueueJob({ script: ["true"] });
  expect(await gitlab.waitForJob({ id, timeoutMs: 30_000 })).toMatchObject({
    status: "failed",
    failureReason: "runner_system_failure",
  });
}

/** Lets a replica lose its engine, and waits until it asks for no job. */
async function loseEngine(
  fixture: ReplicaFixture,
  replica: ReplicaProcess,
  proxy: EngineProxy,
): Promise<void> {
  await proxy[Symbol.asyncDispose]();
  await loseJob(fixture);
  await replica.waitForState("waiting");
  await waitForSilence(fixture);
}

/** Waits until a replica has sent no job request for longer than its check interval. */
async function waitForSilence(fixture: ReplicaFixture): Promise<void> {
  let before = -1;
  await eventually(
    async () => {
      const now = (await fixture.requests(POLL)).length;
      const isSilent = now === before;
      before = now;
      return isSilent;
    },
    { what: "the end of the job requests", timeoutMs: 30_000, intervalMs: 5_000 },
  );
}

/** Waits for another line with the state `online`. */
function waitForOnlineAgain(replica: ReplicaProcess): Promise<unknown> {
  return eventually(() => replica.states().filter((state) => state === "online").length > 1, {
    what: "another `online`",
    timeoutMs: 30_000,
  }).catch((cause: unknown) => {
    throw new Error(replica.log(), { cause });
  });
}

/** Returns the states from the first `online` on. A warning is not a state. */
const statesSinceOnline = (replica: ReplicaProcess): readonly string[] => {
  const states = replica.states().filter((state) => state !== "warning");
  return states.slice(states.indexOf("online"));
};

describe("a replica whose engine goes away", () => {
  it.concurrent("stays healthy and registered, and is online again when it answers", async () => {
    await using fixture = await createReplicaFixture();
    const path = sockets.next();
    const proxy = await listenOnSocket(path, engine);
    const replica = await startOnline(fixture, path, 20);
    const managers = await fixture.systemIds();
    await loseEngine(fixture, replica, proxy);

    const { id } = await fixture.gitlab.enqueueJob({ script: ["true"] });
    await sleep(5_000);
    expect((await fixture.gitlab.job({ id })).status).toBe("pending");
    expect(existsSync(join(replica.folder, "run/online"))).toBe(true);
    expect(await fixture.systemIds()).toEqual(managers);
    expect(statesSinceOnline(replica)).toEqual(["online", "waiting"]);

    await using again = await listenOnSocket(path, engine);
    await waitForOnlineAgain(replica);
    await fixture.gitlab.waitForJob({ id, timeoutMs: 30_000 });
    expect(again.accepted).toBeGreaterThan(0);
    expect(statesSinceOnline(replica)).toEqual(["online", "waiting", "online"]);
    expect(existsSync(join(replica.folder, "run/full-config.toml"))).toBe(false);
  });

  it.concurrent.each(["SIGTERM", "SIGQUIT"] as const)("drains and ends on %s", async (signal) => {
    await using fixture = await createReplicaFixture();
    const path = sockets.next();
    const proxy = await listenOnSocket(path, engine);
    const replica = await startOnline(fixture, path, 20);
    await loseEngine(fixture, replica, proxy);
    const { id } = await fixture.gitlab.enqueueJob({ script: ["true"] });
    await using again = await listenOnSocket(path, engine);
    await eventually(() => again.accepted > 0, { what: "a probe", timeoutMs: 20_000 });
    const at = replica.stop(signal);
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(5_000);
    expect(statesSinceOnline(replica)).toEqual(["online", "waiting", "draining", "deregistered"]);
    expect((await fixture.gitlab.job({ id })).status).toBe("pending");
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
    expect(existsSync(join(replica.folder, "run/full-config.toml"))).toBe(false);
  });

  it.concurrent("cannot ask for jobs again once it drains", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ script: { quit: 5_000 } });
    await replica.waitForState("online");
    const kept = join(replica.folder, "run/full-config.toml");
    writeFileSync(kept, "");
    replica.stop();
    await eventually(() => !existsSync(kept), { what: "the end of the file", timeoutMs: 20_000 });
    // The replica reports it right after that.
    await replica.waitForState("draining");

    expect(statesSinceOnline(replica)).toEqual(["online", "draining"]);
  });

  it.concurrent("reports that GitLab does not answer when the engine is back", async () => {
    await using fixture = await createReplicaFixture();
    const path = sockets.next();
    const proxy = await listenOnSocket(path, engine);
    const replica = await startOnline(fixture, path, 20);
    await loseEngine(fixture, replica, proxy);
    const { id } = await fixture.gitlab.addFault({
      endpoint: POLL,
      action: { kind: "status", status: 500 },
    });
    await using again = await listenOnSocket(path, engine);
    await eventually(() => replica.lines().at(-1)?.message.includes("answers again"), {
      what: "a line that the engine answers again",
      timeoutMs: 30_000,
    });
    await sleep(4_000);

    expect(replica.lines().at(-1)).toEqual({
      state: "waiting",
      message: `the Docker engine at ${again.host} answers again, but GitLab has not answered a job request since; gitlab-runner keeps trying`,
    });
    await fixture.gitlab.clearFaults({ id });
    await waitForOnlineAgain(replica);
  });

  it.concurrent("is online again even if the process that waits for it is killed", async () => {
    await using fixture = await createReplicaFixture();
    const path = sockets.next();
    const proxy = await listenOnSocket(path, engine);
    const replica = await startOnline(fixture, path, 20);
    await loseEngine(fixture, replica, proxy);
    process.kill(await replica.nodePid("engine"), "SIGKILL");
    await using again = await listenOnSocket(path, engine);

    await waitForOnlineAgain(replica);
    expect(again.accepted).toBeGreaterThan(0);
    await loseJob(fixture);
  });
});

describe("a replica whose jobs fail while its engine answers", () => {
  it.concurrent("keeps asking for jobs without a word", async () => {
    await using fixture = await createReplicaFixture();
    await using proxy = await listenOnSocket(sockets.next(), engine);
    const replica = await startOnline(fixture, proxy.host.slice("unix://".length));
    await loseJob(fixture);
    await sleep(5_000);
    await loseJob(fixture);

    expect(statesSinceOnline(replica)).toEqual(["online"]);
  });

  it.concurrent("keeps asking for jobs if the engine takes 11 s to answer", async () => {
    let [delayMs, slow] = [0, 0];
    const slowly = (socket: Socket) => {
      if (delayMs > 0) slow += 1;
      setTimeout(() => {
        engine(socket);
      }, delayMs);
    };
    await using fixture = await createReplicaFixture();
    await using proxy = await listenOnSocket(sockets.next(), slowly);
    const replica = await startOnline(fixture, proxy.host.slice("unix://".length));
    await loseJob(fixture);
    delayMs = 11_000;
    await eventually(() => slow >= 2, { what: "a slow probe", timeoutMs: 10_000 });
    await sleep(15_000);

    expect(statesSinceOnline(replica)).toEqual(["online"]);
  });
});
