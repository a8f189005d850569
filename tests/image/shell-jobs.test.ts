import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { SETTINGS_ENV, TASK_ENV } from "../../contract/replica-env";
import { envOf, REPLICA_KEYS } from "../../contract/settings/keys";
import { fillRunners } from "../support/jobs";
import { createReplicaFixture } from "../support/replica-fixture";

describe("a job of the shell executor", () => {
  it("does not see the replica's variables", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const settings = JSON.stringify({ RUNNER_TAGS: "docker" });
    await fixture.replica({
      // The names of some settings have digits.
      env: { [SETTINGS_ENV]: settings, RUNNER_NAME: "mine", RUNNER_CACHE_S3_KEY: "x" },
    });
    const { id } = await gitlab.enqueueJob({ script: ["env"] });

    expect(await gitlab.waitForJob({ id, timeoutMs: 30_000 })).toMatchObject({ status: "success" });
    const names = [...(await gitlab.trace({ id })).matchAll(/^([A-Z0-9_]+)=/gm)].map(([, n]) => n);
    expect(names).toContain("CI_JOB_ID");
    const own: readonly string[] = [
      ...REPLICA_KEYS.map(envOf),
      ...Object.values(TASK_ENV),
      SETTINGS_ENV,
      "RUNNER_CACHE_S3_KEY",
    ];
    expect(names.filter((name) => own.includes(name ?? ""))).toEqual([]);
  });

  it("is aborted at the drain timeout with all its children, even in another session", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const replica = await fixture.replica({ env: { RUNNER_DRAIN_TIMEOUT: "2s" } });
    // The official image runs scripts under `su`, which creates such a session.
    const [running] = await fillRunners(gitlab, 1, { script: ["setsid --wait sleep 300"] });

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(10_000);
    const job = await gitlab.job({ id: running?.id ?? 0 });
    expect(job).toMatchObject({ status: "failed", failureReason: "runner_interrupted" });
    expect(await fixture.systemIds()).toEqual([]);
  });
});
