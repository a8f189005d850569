import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { findFreePort } from "../../runner-image/src/system/free-port";
import { findPaths } from "../../runner-image/src/system/paths";
import {
  pausePolling,
  type PollingState,
  type PauseTimeouts,
} from "../../runner-image/src/gitlab-runner/pause-polling";
import { readState } from "../../runner-image/src/system/state-file";
import { RunnerProcess } from "../../runner-image/src/gitlab-runner/process";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { readRunnerCall, type RunnerScript } from "../support/scripted-runner";

/**
 * Longer than gitlab-runner's check interval, after which the next free worker has its runner.
 */
const LONG_JOB = 4;

describe("gitlab-runner whose polling is paused", () => {
  it("begins no job when its running one ends", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const running = await enqueue(fixture, { script: [`sleep ${LONG_JOB}`] });
    await waitForStart(fixture, running);
    await sleep((LONG_JOB - 0.7) * 1000);

    expect(await pausePollingOf(replica)).toBe("paused");
    const waiting = await enqueue(fixture, { script: ["true"] });
    await fixture.gitlab.waitForJob({ id: running, timeoutMs: 10_000 });
    await sleep(1_000);

    expect((await fixture.gitlab.job({ id: waiting })).status).toBe("pending");
  }, 40_000);

  it("runs the job of an open request, and asks for no other although workers are free", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_CONCURRENT: "4" } });
    const given = await enqueue(fixture, { script: ["sleep 2"], holdAnswerMs: 1_000 });
    await waitForStart(fixture, given);
    const waiting: number[] = [];
    for (let n = 0; n < 5; n += 1) waiting.push(await enqueue(fixture, { script: ["true"] }));

    expect(await pausePollingOf(replica)).toBe("paused");
    await fixture.gitlab.waitForJob({ id: given, timeoutMs: 10_000 });
    await sleep(1_000);

    const jobs = await Promise.all(waiting.map((id) => fixture.gitlab.job({ id })));
    expect((await fixture.gitlab.job({ id: given })).status).toBe("success");
    expect(jobs.filter(({ status }) => status !== "pending")).toEqual([]);
  }, 40_000);
});

/** How gitlab-runner behaves, and the result of pausing it; null: it serves no metrics. */
const NOT_PAUSED: readonly (readonly [string, RunnerScript | null, PollingState])[] = [
  ["never reloads its configuration", { ignoresReload: true }, "timed-out"],
  ["has a job request open for too long", { request: 60_000 }, "timed-out"],
  ["serves no metrics", null, "timed-out"],
  ["has no worker", { begin: null }, "not-ready"],
];

describe("gitlab-runner whose polling cannot be paused", () => {
  it.concurrent.each(NOT_PAUSED)("is reported as such if it %s", async (_, script, result) => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: script ?? {} });
    const port = script === null ? await findFreePort() : undefined;
    const timeouts = { beginMs: 200, reloadMs: 400, requestsMs: 400 };

    expect(await pausePollingOf(replica, timeouts, port)).toBe(result);
  });

  it.concurrent("gets SIGQUIT even if it does not reload its configuration", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { ignoresReload: true }, clock: 20 });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await replica.waitForState("warning")).toBe(
      "canceling a job request that may still be open",
    );
    expect(readRunnerCall(replica.folder).signals).toEqual(["SIGHUP", "SIGQUIT"]);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("gets SIGTERM, which aborts no job, if it has no worker", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { begin: null }, clock: 20 });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(readRunnerCall(replica.folder).signals).toEqual(["SIGTERM"]);
    expect(await fixture.systemIds()).toEqual([]);
  });
});

async function enqueue(
  { gitlab }: ReplicaFixture,
  job: { readonly script: string[]; readonly holdAnswerMs?: number },
): Promise<number> {
  return (await gitlab.enqueueJob(job)).id;
}

/** Waits until GitLab has assigned a job to a runner. */
function waitForStart({ gitlab }: ReplicaFixture, id: number): Promise<unknown> {
  return gitlab.waitForJob({ id, until: ["running"], timeoutMs: 20_000 });
}

async function pausePollingOf(
  replica: ReplicaProcess,
  timeouts?: PauseTimeouts,
  metricsPort?: number,
): Promise<PollingState> {
  const paths = findPaths({
    POOL_RUN: join(replica.folder, "run"),
    POOL_ETC: join(replica.folder, "etc"),
  });
  const runner = new RunnerProcess(await replica.runnerPid());
  const state = readState(paths.state);
  return pausePolling(
    { paths, state: { ...state, metricsPort: metricsPort ?? state.metricsPort }, runner },
    timeouts,
  );
}
