import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { findFreePort } from "../../runner-image/src/free-port";
import { findPaths } from "../../runner-image/src/paths";
import { quieten, type Quiet, type QuietTimes } from "../../runner-image/src/quieten";
import { readState } from "../../runner-image/src/replica-state";
import { RunnerProcess } from "../../runner-image/src/runner-process";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { readRunnerCall, type RunnerScript } from "../support/scripted-runner";

/** Longer than gitlab-runner's check interval: by then it has handed its runner on to the next free worker. */
const LONG_JOB = 4;

describe("gitlab-runner after quieten, before it is told to quit", () => {
  it("begins no job when its running one ends", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const running = await begin(fixture, { script: [`sleep ${LONG_JOB}`] });
    await begun(fixture, running);
    await sleep((LONG_JOB - 0.7) * 1000);

    expect(await quietenReplica(replica)).toBe("quiet");
    const waiting = await begin(fixture, { script: ["true"] });
    await fixture.gitlab.waitForJob({ id: running, timeoutMs: 10_000 });
    await sleep(1_000);

    expect((await fixture.gitlab.job({ id: waiting })).status).toBe("pending");
  }, 40_000);

  it("runs the job of an open request, and asks for none more although workers are free", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_CONCURRENT: "4" } });
    const given = await begin(fixture, { script: ["sleep 2"], holdAnswerMs: 1_000 });
    await begun(fixture, given);
    const waiting: number[] = [];
    for (let n = 0; n < 5; n += 1) waiting.push(await begin(fixture, { script: ["true"] }));

    expect(await quietenReplica(replica)).toBe("quiet");
    await fixture.gitlab.waitForJob({ id: given, timeoutMs: 10_000 });
    await sleep(1_000);

    const jobs = await Promise.all(waiting.map((id) => fixture.gitlab.job({ id })));
    expect((await fixture.gitlab.job({ id: given })).status).toBe("success");
    expect(jobs.filter(({ status }) => status !== "pending")).toEqual([]);
  }, 40_000);
});

/** Short waits, and a gitlab-runner for which they are too short; null: it serves no metrics. */
const NOT_QUIET: readonly (readonly [string, RunnerScript | null, Quiet])[] = [
  ["never reloads its configuration", { ignoresReload: true }, "given up"],
  ["has a job request open for too long", { request: 60_000 }, "given up"],
  ["serves no metrics", null, "given up"],
  ["has no worker", { begin: null }, "not begun"],
];

describe("a gitlab-runner that cannot be made quiet", () => {
  it.concurrent.each(NOT_QUIET)("because it %s is waited for in vain", async (_, script, quiet) => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: script ?? {} });
    const port = script === null ? await findFreePort() : undefined;
    const times = { begin: 200, reload: 400, requests: 400 };

    expect(await quietenReplica(replica, times, port)).toBe(quiet);
  });

  it.concurrent("since it does not reload is told to quit all the same", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { ignoresReload: true }, clock: 20 });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await replica.says("warning")).toBe(
      "a job request to GitLab may be open and is cut off",
    );
    expect(readRunnerCall(replica.place).signals).toEqual(["SIGHUP", "SIGQUIT"]);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("since it has no worker is told to end, which aborts no job", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { begin: null }, clock: 20 });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(readRunnerCall(replica.place).signals).toEqual(["SIGTERM"]);
    expect(await fixture.systemIds()).toEqual([]);
  });
});

async function begin(
  { gitlab }: ReplicaFixture,
  job: { readonly script: string[]; readonly holdAnswerMs?: number },
): Promise<number> {
  return (await gitlab.enqueueJob(job)).id;
}

/** Waits until GitLab has given a job to a runner. */
function begun({ gitlab }: ReplicaFixture, id: number): Promise<unknown> {
  return gitlab.waitForJob({ id, until: ["running"], timeoutMs: 20_000 });
}

async function quietenReplica(
  replica: ReplicaProcess,
  times?: QuietTimes,
  metricsPort?: number,
): Promise<Quiet> {
  const paths = findPaths({
    POOL_RUN: join(replica.place, "run"),
    POOL_CONFIG: join(replica.place, "etc/config.toml"),
  });
  const runner = new RunnerProcess(await replica.runnerPid());
  const state = readState(paths.state);
  return quieten(
    { paths, state: { ...state, metricsPort: metricsPort ?? state.metricsPort }, runner },
    times,
  );
}
