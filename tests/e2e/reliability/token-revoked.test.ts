import { describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { listContainers } from "../../support/swarm";
import { replicaLines } from "../../support/replica-lines";

describe("rotating the token", () => {
  it("loses no job when the old runner is deleted while old replicas drain, and says so in one line", async () => {
    await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
    const { stack, gitlab, docker, runnerId } = pool;
    await stack.mustUp();
    const old = await listContainers(docker, stack.serviceName);
    const jobs = await occupy(gitlab, 2, { script: tickingScript(60) });

    const second = await gitlab.createRunner({ runUntagged: true });
    await stack.configure({ token: second.token });
    await stack.mustUp();
    await managersSettle({ gitlab, runnerId: second.id }, 2, 1_000);
    // Swarm tells the old ones to stop when the new ones are healthy.
    const lines = old.map(({ Id }) => replicaLines(docker, Id));
    await eventually(
      async () =>
        (await Promise.all(lines.map((read) => read()))).every((texts) =>
          texts.some(({ state }) => state === "draining"),
        ),
      { what: "the old replicas to drain", timeoutMs: 60_000 },
    );
    await gitlab.deleteRunner({ runnerId });
    await expectWhole(gitlab, jobs, 60, 90_000);
    await eventually(
      async () =>
        (await listContainers(docker, stack.serviceName)).filter(({ State }) => State === "running")
          .length === 2,
      { what: "the old replicas to end", timeoutMs: 20_000 },
    );
    expect(await gitlab.managers({})).toHaveLength(2);
  });
});
