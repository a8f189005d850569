import { describe, expect, it } from "@jest/globals";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { ExitRecorder, listContainers } from "../../support/swarm";
import { eventually } from "../../support/eventually";
import { followReplica } from "../../support/replica-lines";

const SECONDS = 30;

// Swarm deletes the tasks of slots that were scaled away at the next change, and stops what still drains once more.
describe("a pool that is changed while replicas that were scaled away drain", () => {
  it("lets them finish their jobs", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 3 },
    });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    using exits = await ExitRecorder.start(docker, stack.serviceName);
    const replicas = await Promise.all(
      (await listContainers(docker, stack.serviceName)).map(({ Id }) => followReplica(docker, Id)),
    );
    const jobs = await occupy(gitlab, 3, { script: tickingScript(SECONDS) });
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await eventually(
      () =>
        replicas.filter(({ said }) => said.some(({ state }) => state === "draining")).length === 2,
      { what: "two replicas to drain", timeoutMs: 20_000 },
    );

    await stack.configure({ replicas: 2 });
    await stack.mustUp();
    await stack.configure({ runnerName: "another-" });
    await stack.mustUp();

    expect(exits.exits).toEqual([]);
    await expectWhole(gitlab, jobs, SECONDS, 60_000);
    await managersSettle(pool, 2, 90_000);
    expect((await exits.wait(2, 20_000)).every(({ exitCode }) => exitCode === 0)).toBe(true);
  });
});
