import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import {
  waitUntilDraining,
  ENDLESS,
  endJobs,
  expectIntactLogs,
  fillRunners,
} from "../../support/jobs";
import { eventually } from "../../support/eventually";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { followReplica } from "../../support/replica-lines";
import { listContainers } from "../../support/swarm";

describe("a longer drainTimeout together with fewer replicas", () => {
  it("is rejected in one step; in two steps the removed replica has the longer timeout", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, drainTimeout: "1s" },
    });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    const systemIds = async () =>
      (await gitlab.managers({})).map(({ systemId }) => systemId).sort();
    const before = await systemIds();
    await stack.configure({ drainTimeout: "3m", replicas: 1 });
    for (const rejected of [await stack.pulumi(["preview"]), await stack.up()]) {
      expect(rejected.exitCode).not.toBe(0);
      expect(rejected.output).toContain("`drainTimeout` increases from 1s to 3m");
      expect(rejected.output).toContain("with `replicas` 2 first");
    }
    expect(await systemIds()).toEqual(before);

    await stack.configure({ replicas: 2 });
    expect((await stack.mustUp()).output).toContain("keep 1s to finish their jobs");
    // The old replicas stop when the health check has passed for the new ones.
    await managersSettle(pool, 2, 90_000);
    // An old replica deregisters a moment before its container ends.
    const containers = await eventually(
      async () => {
        const all = await listContainers(docker, stack.serviceName);
        const running = all.filter(({ State }) => State === "running");
        return running.length === 2 && running;
      },
      { what: "the old replicas to end", timeoutMs: 20_000 },
    );
    const replicas = await Promise.all(containers.map(({ Id }) => followReplica(docker, Id)));
    const jobs = await fillRunners(gitlab, 2, { script: ENDLESS });
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await waitUntilDraining(replicas, 1);
    // With the old timeout, the removed replica would abort its job in this time.
    await sleep(2_000);
    await endJobs(docker, stack.serviceName);
    await expectIntactLogs(gitlab, jobs, "endless", 120_000);
    await managersSettle(pool, 1, 10_000);
  });
});
