import { describe, expect, it } from "@jest/globals";
import {
  waitUntilDraining,
  ENDLESS,
  endJobs,
  expectIntactLogs,
  fillRunners,
} from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { ExitRecorder, listContainers } from "../../support/swarm";
import { followReplica } from "../../support/replica-lines";

// At the next change, Swarm deletes the tasks of the removed slots and stops their containers
// again, even if they are still draining.
describe("changing a pool while removed replicas drain", () => {
  it("lets the draining replicas finish their jobs", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 3 },
    });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    using exits = await ExitRecorder.start(docker, stack.serviceName);
    const replicas = await Promise.all(
      (await listContainers(docker, stack.serviceName)).map(({ Id }) => followReplica(docker, Id)),
    );
    const jobs = await fillRunners(gitlab, 3, { script: ENDLESS });
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await waitUntilDraining(replicas, 2);

    await stack.configure({ replicas: 2 });
    await stack.mustUp();
    await stack.configure({ runnerName: "another-" });
    await stack.mustUp();

    expect(exits.exits).toEqual([]);
    await endJobs(docker, stack.serviceName);
    await expectIntactLogs(gitlab, jobs, "endless", 60_000);
    await managersSettle(pool, 2, 90_000);
    expect((await exits.wait(2, 20_000)).every(({ exitCode }) => exitCode === 0)).toBe(true);
  });
});
