import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { REPLICA_ENV, SETTINGS_ENV } from "../../contract/replica-env";
import { occupy } from "../support/jobs";
import { createReplicaFixture } from "../support/replica-fixture";

describe("a job of the shell executor", () => {
  it("has none of the replica's variables", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const settings = JSON.stringify({ RUNNER_TAGS: "docker" });
    await fixture.replica({ env: { [SETTINGS_ENV]: settings, RUNNER_NAME: "mine" } });
    const { id } = await gitlab.enqueueJob({ script: ["env"] });

    expect(await gitlab.waitForJob({ id, timeoutMs: 30_000 })).toMatchObject({ status: "success" });
    const names = [...(await gitlab.trace({ id })).matchAll(/^([A-Z_]+)=/gm)].map(([, n]) => n);
    expect(names).toContain("CI_JOB_ID");
    const own: readonly string[] = [...Object.values(REPLICA_ENV), SETTINGS_ENV];
    expect(names.filter((name) => own.includes(name ?? ""))).toEqual([]);
  });

  it("is aborted at the drain deadline with all that it started, also in a session of its own", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const replica = await fixture.replica({ env: { RUNNER_DRAIN_TIMEOUT: "2s" } });
    // `su`, under which the official image runs scripts, makes such a session.
    const [running] = await occupy(gitlab, 1, { script: ["setsid --wait sleep 300"] });

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(10_000);
    const job = await gitlab.job({ id: running?.id ?? 0 });
    expect(job).toMatchObject({ status: "failed", failureReason: "unknown_failure" });
    expect(await fixture.systemIds()).toEqual([]);
  });
});
