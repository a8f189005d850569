import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { openGate } from "../support/gate";
import { beginJob, expectWhole, tickingScript } from "../support/jobs";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";
import { readRunnerCall } from "../support/scripted-runner";

const LONG = { script: ["sleep 60"] };

/** How long aborting a job may take (ms), until GitLab has heard of it and the replica has ended. */
const AT_ONCE = 5_000;

describe("a replica in a hurry", () => {
  it.concurrent("aborts its job at a second stop signal, and GitLab hears of it", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await beginJob(fixture.gitlab, LONG);
    replica.stop();
    await replica.says("draining");

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(AT_ONCE);
    expect(await replica.says("warning")).toBe(
      "another stop signal came: 1 running jobs are aborted",
    );
    const job = await fixture.gitlab.job({ id });
    expect(job).toMatchObject({ status: "failed", failureReason: "unknown_failure" });
    expect((job.finishedAt ?? Infinity) - at).toBeLessThan(AT_ONCE);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("does not hurry when swarm stops it once more", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await beginJob(fixture.gitlab, { script: tickingScript(5) });
    replica.stop("SIGQUIT");
    await replica.says("draining");
    for (let n = 0; n < 3; n += 1) {
      replica.stop("SIGQUIT");
      await sleep(200);
    }

    expect((await replica.exit()).code).toBe(EXIT.ok);
    await expectWhole(fixture.gitlab, [{ id }], 5, 1_000);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("aborts its job at a SIGTERM after swarm's stop", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await beginJob(fixture.gitlab, LONG);
    replica.stop("SIGQUIT");
    await replica.says("draining");
    const at = replica.stop("SIGTERM");
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(AT_ONCE);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "unknown_failure" });
  });

  it.concurrent("aborts its job when the drain timeout is over", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_DRAIN_TIMEOUT: "1s" } });
    const id = await beginJob(fixture.gitlab, LONG);

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeGreaterThanOrEqual(1_000);
    expect(exit.at - at).toBeLessThan(1_000 + AT_ONCE);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "unknown_failure" });
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("kills a gitlab-runner that heeds no signal", async () => {
    await using fixture = await createReplicaFixture();
    const script = { quit: null, term: null, jobs: 1 };
    const { replica } = await startOnline(fixture, { script, clock: 10 });
    replica.stop();
    await replica.says("draining");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.aborted);
    expect(readRunnerCall(replica.place).signals).toEqual(["SIGHUP", "SIGQUIT", "SIGTERM"]);
    expect(replica.log()).toContain("gitlab-runner did not end in time and is killed");
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("ends a gitlab-runner that hangs, which is no aborted job", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { quit: null } });
    replica.stop();
    await replica.says("draining");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(readRunnerCall(replica.place).signals).toContain("SIGTERM");
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("does not wait as long as GitLab asks to, but tries once more", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture);
    const headers = { "Retry-After": "60" };
    await fixture.gitlab.addFault({
      endpoint: "DELETE /runners/managers",
      action: { kind: "status", status: 429, headers },
      times: 1,
    });
    replica.stop();
    await replica.says("waiting");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("does not wait for a job request that GitLab holds, without a job", async () => {
    await using fixture = await createReplicaFixture({ switches: { longPollSeconds: 50 } });
    const replica = await fixture.replica();
    await fixture.gitlab.waitForEvent((event) => event.kind === "held", {
      what: "a held request",
      timeoutMs: 20_000,
    });
    replica.stop();
    await replica.says("draining");

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(AT_ONCE);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("ends the wait for a GitLab that is away, with a last try", async () => {
    await using fixture = await createReplicaFixture();
    await using gate = await openGate(fixture.gitlab.url);
    const { replica, manager } = await startOnline(fixture, { env: { RUNNER_CI_URL: gate.url } });
    await gate.close();
    replica.stop();
    await replica.says("waiting");

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.left);
    expect(exit.at - at).toBeLessThan(AT_ONCE);
    expect(await replica.says("left")).toContain(`${manager} is still in GitLab: `);
  });
});
