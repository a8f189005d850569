import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { busyNode } from "../support/busy-node";
import { eventually } from "../support/eventually";
import { startJob } from "../support/jobs";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { readRunnerCall, type RunnerScript } from "../support/scripted-runner";

const SCRIPT = ["for i in 1 2 3 4; do echo tick $i; sleep 1; done"];
const WHOLE = ["tick 1", "tick 2", "tick 3", "tick 4"];

/** How often entrypoint.sh starts `stop` before it continues without it. */
const TRIES = 4;

async function killStop(replica: ReplicaProcess): Promise<void> {
  process.kill(await replica.nodePid("stop"), "SIGKILL");
}

/** A node that records each `stop` in the replica's folder, and fails to run it. */
const noStop = () =>
  busyNode(
    `[ "$2" != stop ] || { echo >> "$HOME/stops"; exit ${EXIT.internal}; }; exec ${process.execPath} "$@"`,
  );

function countStops({ folder }: ReplicaProcess): number {
  const file = join(folder, "stops");
  return existsSync(file) ? readFileSync(file, "utf8").length : 0;
}

describe("a replica whose `stop` process is killed", () => {
  it.concurrent.each([
    ["before gitlab-runner gets SIGQUIT", 0],
    ["while gitlab-runner finishes its job", 1_500],
  ])("%s, finishes its job, deregisters and exits 0", async (_, after) => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const replica = await fixture.replica();
    const id = await startJob(gitlab, { script: SCRIPT });
    replica.stop();
    await replica.waitForState("draining");
    await sleep(after);
    await killStop(replica);
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect((await gitlab.job({ id })).status).toBe("success");
    expect((await gitlab.trace({ id })).match(/^tick \d$/gm)).toEqual(WHOLE);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
    expect(replica.states().filter((state) => state === "draining")).toHaveLength(2);
  });

  it.concurrent.each<readonly [string, RunnerScript]>([
    ["SIGHUP", { request: 2_000 }],
    ["SIGQUIT", { jobs: 1, quit: 4_000 }],
  ])("resumes after %s was sent to gitlab-runner", async (signal, script) => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script, clock: 20 });
    replica.stop();
    await eventually(() => readRunnerCall(replica.folder).signals.includes(signal), {
      what: `gitlab-runner to get ${signal}`,
      timeoutMs: 20_000,
    });
    await killStop(replica);

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(replica.states()).toEqual([
      "starting",
      "online",
      "draining",
      "draining",
      "deregistered",
    ]);
    expect(readRunnerCall(replica.folder).signals.filter((got) => got === "SIGQUIT")).toHaveLength(
      1,
    );
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("aborts its job at the drain timeout, counted from the signal", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_DRAIN_TIMEOUT: "10s" } });
    const id = await startJob(fixture.gitlab, { script: ["sleep 60"] });
    const at = replica.stop();
    await sleep(6_000);
    await killStop(replica);
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeGreaterThanOrEqual(10_000);
    expect(exit.at - at).toBeLessThan(15_000);
    expect(await fixture.gitlab.job({ id })).toMatchObject({
      failureReason: "runner_interrupted",
    });
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("lets gitlab-runner report an aborted job to GitLab", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await startJob(fixture.gitlab, { script: ["sleep 60"] });
    // GitLab does not accept the job's result yet.
    await fixture.gitlab.addFault({
      endpoint: "PUT /jobs/:id",
      action: { kind: "status", status: 500 },
    });
    replica.stop();
    await replica.waitForState("draining");
    replica.stop();
    await eventually(() => replica.log().includes("Starting forceful shutdown"), {
      what: "gitlab-runner to abort its job",
      timeoutMs: 20_000,
    });
    await killStop(replica);
    await eventually(() => replica.states().filter((state) => state === "draining").length === 2, {
      what: "another `stop`",
      timeoutMs: 20_000,
    });
    await fixture.gitlab.clearFaults();

    expect((await replica.exit()).code).toBe(EXIT.aborted);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "runner_interrupted" });
    expect(await fixture.systemIds()).toEqual([]);
  });
});

describe("a replica whose `stop` process always crashes", () => {
  it.concurrent(
    "restarts it a few times, then lets gitlab-runner finish its job and exit",
    async () => {
      await using fixture = await createReplicaFixture();
      const { gitlab } = fixture;
      const replica = await fixture.replica({ env: { POOL_NODE: noStop() } });
      const id = await startJob(gitlab, { script: ["sleep 12; echo whole"] });
      replica.stop();
      const exit = await replica.exit();

      expect(exit.code).toBe(EXIT.internal);
      expect((await gitlab.job({ id })).status).toBe("success");
      expect(await gitlab.trace({ id })).toMatch(/^whole$/m);
      // The last one runs after gitlab-runner has exited.
      expect(countStops(replica)).toBe(TRIES + 1);
      await replica.leavesNoProcess();
    },
  );

  it.concurrent("aborts its job on a second stop signal", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { POOL_NODE: noStop() } });
    const id = await startJob(fixture.gitlab, { script: ["sleep 60"] });
    replica.stop();
    await eventually(() => replica.log().includes("Starting graceful shutdown"), {
      what: "gitlab-runner to get SIGQUIT",
      timeoutMs: 30_000,
    });
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.internal);
    expect(exit.at - at).toBeLessThan(5_000);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "runner_interrupted" });
  });
});
