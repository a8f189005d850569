import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { startToggleProxy } from "../support/toggle-proxy";
import { startJob, expectIntactLogs, tickingScript } from "../support/jobs";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";
import { readRunnerCall } from "../support/scripted-runner";

const LONG = { script: ["sleep 60"] };

/** How long it may take to abort a job, report that to GitLab and exit. */
const ABORT_MS = 5_000;

describe("a forced stop", () => {
  it.concurrent("aborts the job on a second stop signal, and GitLab learns of it", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await startJob(fixture.gitlab, LONG);
    replica.stop();
    await replica.waitForState("draining");

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(ABORT_MS);
    expect(await replica.waitForState("warning")).toBe(
      "received a second stop signal: aborting 1 running job",
    );
    const job = await fixture.gitlab.job({ id });
    expect(job).toMatchObject({ status: "failed", failureReason: "runner_interrupted" });
    expect((job.finishedAt ?? Infinity) - at).toBeLessThan(ABORT_MS);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("does not follow from Swarm's repeated SIGQUIT", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await startJob(fixture.gitlab, { script: tickingScript(5) });
    replica.stop("SIGQUIT");
    await replica.waitForState("draining");
    for (let n = 0; n < 3; n += 1) {
      replica.stop("SIGQUIT");
      await sleep(200);
    }

    expect((await replica.exit()).code).toBe(EXIT.ok);
    await expectIntactLogs(fixture.gitlab, [{ id }], 5, 1_000);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("aborts the job on a SIGTERM after Swarm's SIGQUIT", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await startJob(fixture.gitlab, LONG);
    replica.stop("SIGQUIT");
    await replica.waitForState("draining");
    const at = replica.stop("SIGTERM");
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(ABORT_MS);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "runner_interrupted" });
  });

  it.concurrent("aborts the job at the drain timeout", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_DRAIN_TIMEOUT: "1s" } });
    const id = await startJob(fixture.gitlab, LONG);

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeGreaterThanOrEqual(1_000);
    expect(exit.at - at).toBeLessThan(1_000 + ABORT_MS);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "runner_interrupted" });
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("kills a gitlab-runner that ignores signals", async () => {
    await using fixture = await createReplicaFixture();
    const script = { quit: null, term: null, jobs: 1 };
    const { replica } = await startOnline(fixture, { script, clock: 10 });
    replica.stop();
    await replica.waitForState("draining");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.aborted);
    expect(readRunnerCall(replica.folder).signals).toEqual(["SIGHUP", "SIGQUIT", "SIGTERM"]);
    expect(replica.log()).toContain("gitlab-runner did not exit in time: killing it");
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("ends a gitlab-runner that hangs without a job, and exits 0", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { quit: null } });
    replica.stop();
    await replica.waitForState("draining");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(readRunnerCall(replica.folder).signals).toContain("SIGTERM");
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("does not wait for GitLab's Retry-After before the last attempt", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture);
    const headers = { "Retry-After": "60" };
    await fixture.gitlab.addFault({
      endpoint: "DELETE /runners/managers",
      action: { kind: "status", status: 429, headers },
      times: 1,
    });
    replica.stop();
    await replica.waitForState("waiting");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("does not wait for a job request that GitLab holds open", async () => {
    await using fixture = await createReplicaFixture({ switches: { longPollSeconds: 50 } });
    const replica = await fixture.replica();
    await fixture.gitlab.waitForEvent((event) => event.kind === "held", {
      what: "a held request",
      timeoutMs: 20_000,
    });
    replica.stop();
    await replica.waitForState("draining");

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(ABORT_MS);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("makes one last attempt to deregister if GitLab is unreachable", async () => {
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(fixture.gitlab.url);
    const { replica, manager } = await startOnline(fixture, { env: { RUNNER_CI_URL: gate.url } });
    await gate.close();
    replica.stop();
    await replica.waitForState("waiting");

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.notDeregistered);
    expect(exit.at - at).toBeLessThan(ABORT_MS);
    expect(await replica.waitForState("not deregistered")).toContain(
      `${manager} is still in GitLab: `,
    );
  });
});
