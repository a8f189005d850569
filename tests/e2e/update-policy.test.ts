import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { expectIntactLogs, startJob, tickingScript } from "../support/jobs";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { listTasks } from "../support/swarm";

/** What Docker's API reports about a service. */
interface Inspected {
  readonly Version: { readonly Index: number };
  readonly Spec: {
    readonly Labels: Readonly<Record<string, string>>;
    readonly UpdateConfig: { readonly Parallelism: number; readonly Order: string };
    readonly RollbackConfig: { readonly Parallelism: number; readonly Order: string };
  };
  readonly UpdateStatus?: { readonly State: string };
}

const JOB_SECONDS = 15;

/** `update.delay` of all updates of the test. */
const DELAY_SECONDS = 15;

describe("the update policy of a pool", () => {
  it("decides how replicas are replaced, and what a failed update leaves behind", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, onlineTimeout: "45s" },
    });
    await pool.stack.mustUp();
    await changesWithoutRestart(pool);
    await waitsForEachGroup(pool);
    await pausesAndGoesOn(pool);
    await continuesAndNamesFailures(pool);
    await stopsFirst(pool);
  }, 900_000);
});

/** A new policy and new labels restart no replica. */
async function changesWithoutRestart({ stack, docker }: PoolFixture): Promise<void> {
  const before = await listTasks(docker, stack.serviceName);
  await stack.configure({
    update: { parallelism: 1, delay: `${DELAY_SECONDS}s`, failureAction: "pause" },
    serviceLabels: { team: "build" },
  });
  await stack.mustUp();
  expect((await listTasks(docker, stack.serviceName)).map(({ id }) => id)).toEqual(
    before.map(({ id }) => id),
  );
  expect((await inspect({ stack, docker })).Spec).toMatchObject({
    Labels: { team: "build" },
    UpdateConfig: {
      Parallelism: 1,
      Order: "start-first",
      Delay: DELAY_SECONDS * 1e9,
      FailureAction: "pause",
    },
    RollbackConfig: { Parallelism: 1, Order: "start-first", FailureAction: "pause" },
  });
  await stack.configure({ serviceLabels: undefined });
  await stack.mustUp();
  const labels = Object.keys((await inspect({ stack, docker })).Spec.Labels);
  expect(labels).toEqual(["gitlab-runner-pool.owner"]);
  await stack.expectNoChangesAfterRefresh();
}

/** The update takes longer than `onlineTimeout`, because the second replica waits for the delay. */
async function waitsForEachGroup(pool: PoolFixture): Promise<void> {
  await pool.stack.configure({ runnerName: "delayed-" });
  const { ms } = await pool.stack.mustUp();
  expect(ms).toBeGreaterThan(45_000);
  await managersSettle(pool, 2, 120_000);
}

/** The cause is outside the stack, so no setting changes when it is fixed. */
async function pausesAndGoesOn(pool: PoolFixture): Promise<void> {
  const { stack, docker, gitlab } = pool;
  await stack.configure({ update: { parallelism: 1, failureAction: "pause" } });
  await stack.configure({ runnerName: "paused-" });
  const endpoint = "POST /runners/verify";
  const { id } = await gitlab.addFault({ endpoint, action: { kind: "status", status: 403 } });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/replica \d: refused: .*403/);
  expect(failed.output).toContain("Swarm pauses the update when one of these replicas ends");
  await eventually(async () => (await inspect(pool)).UpdateStatus?.State === "paused", {
    what: "Swarm to pause the update",
    timeoutMs: 180_000,
  });
  const pausedMs = Date.now();
  const again = await stack.up();
  expect(again.exitCode).not.toBe(0);
  expect(again.output).toContain("Swarm paused the update (update paused due to failure");
  expect(again.output).toMatch(
    /`docker service update --detach SERVICE`, which Swarm ignores until 15s after the pause \(`update\.delay`\)/,
  );

  const before = (await gitlab.managers({})).map(({ systemId }) => systemId);
  await gitlab.clearFaults({ id });
  // A rejected replica waits for a minute before it ends. Its successor comes online.
  await eventually(
    async () => (await gitlab.managers({})).some(({ systemId }) => !before.includes(systemId)),
    { what: "GitLab to accept the replica of the paused update", timeoutMs: 180_000 },
  );
  // Until then, Swarm ignores the command.
  await sleep(Math.max(0, pausedMs + (DELAY_SECONDS + 1) * 1000 - Date.now()));
  // As `docker service update` without options does.
  const { Version, Spec } = await inspect(pool);
  await docker.getService(stack.serviceName).update({ version: Version.Index, ...Spec });
  await stack.mustUp();
  await stack.expectNoChangesAfterRefresh();
}

/** Swarm replaces the second replica although the first one failed. */
async function continuesAndNamesFailures(pool: PoolFixture): Promise<void> {
  const { stack, gitlab } = pool;
  await managersSettle(pool, 2, 120_000);
  await stack.configure({
    update: { parallelism: 0, failureAction: "continue" },
    token: "glrt-0123456789abcdefghij",
  });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/replicas 1, 2: refused: .*403/);
  expect(failed.output).toContain("Swarm keeps trying to start these replicas");
  // The old replicas still take jobs.
  const job = await startJob(gitlab, { script: tickingScript(1), tags: ["docker"] });
  await expectIntactLogs(gitlab, [{ id: job }], 1, 60_000);
  await stack.configure({ token: pool.token });
  await stack.mustUp();
  await managersSettle(pool, 2, 180_000);
}

/** The job of the stopping replica succeeds, and no two replicas share a manager. */
async function stopsFirst(pool: PoolFixture): Promise<void> {
  const { stack, gitlab } = pool;
  await stack.configure({ update: { order: "stop-first" }, runnerName: "stopped-" });
  const job = await startJob(gitlab, { script: tickingScript(JOB_SECONDS), tags: ["docker"] });
  await stack.mustUp();
  await expectIntactLogs(gitlab, [{ id: job }], JOB_SECONDS, 60_000);
  await managersSettle(pool, 2, 60_000);
}

async function inspect({ stack, docker }: Pick<PoolFixture, "stack" | "docker">) {
  return (await docker.getService(stack.serviceName).inspect()) as Inspected;
}
