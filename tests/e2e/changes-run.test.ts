import { describe, expect, it } from "@jest/globals";
import { CHANGE_STEPS } from "../support/change-steps";
import { startJob, expectIntactLogs, tickingScript } from "../support/jobs";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { makeChanges, surround, type RunStep, type RunSurroundings } from "../support/run-changes";
import { SETTING_CHANGES } from "../support/setting-changes";

const JOB_SECONDS = 8;

describe("the documented changes of settings", () => {
  it("are all part of this test", () => {
    expect(CHANGE_STEPS.flatMap(({ changes }) => changes).sort()).toEqual(
      SETTING_CHANGES.map(({ name }) => name).sort(),
    );
  });

  it("deploy in one step each, and then neither refresh nor preview finds a change", async () => {
    const pool = await createPool({
      settings: { replicas: 1, onlineTimeout: "40s" },
      switches: { registrationAllowed: true },
    });
    // Created before the pool and removed after it.
    await using around = await surround(pool);
    await using cleanUp = pool;
    await cleanUp.stack.mustUp();
    for (const step of CHANGE_STEPS) await run(pool, step, around);
    await expectDeletedRunnerReported(pool);
  }, 900_000);
});

/** Deletes the runner that the pool created: an update fails at once, and its remedy works. */
async function expectDeletedRunnerReported({ stack, gitlab }: PoolFixture): Promise<void> {
  const { runnerId } = (await stack.outputs()) as { readonly runnerId: string };
  await gitlab.deleteRunner({ runnerId: Number(runnerId) });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(
    new RegExp(`runner ${runnerId}, which this stack created for \\S+, was deleted in GitLab`),
  );
  expect(failed.output).toContain("run `pulumi refresh`, then `pulumi up`");
  await stack.refresh();
  await stack.mustUp();
}

async function run(pool: PoolFixture, step: RunStep, around: RunSurroundings): Promise<void> {
  const { stack, gitlab } = pool;
  const startedMs = Date.now();
  await makeChanges(pool, step, around);
  const script = tickingScript(JOB_SECONDS);
  const job = step.withJob === true && (await startJob(gitlab, { script, tags: ["docker"] }));
  await stack.mustUp();
  if (job !== false) await expectIntactLogs(gitlab, [{ id: job }], JOB_SECONDS, 20_000);
  await stack.expectNoChangesAfterRefresh();
  process.stdout.write(`${Date.now() - startedMs} ms: ${step.changes.join(", ")}\n`);
}
