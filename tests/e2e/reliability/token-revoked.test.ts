import { describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { listContainers } from "../../support/swarm";
import { followReplica } from "../../support/replica-lines";

/** What makes GitLab refuse the old token. */
const REVOCATIONS: readonly [string, (pool: PoolFixture) => Promise<unknown>][] = [
  ["the old runner is deleted", ({ gitlab, runnerId }) => gitlab.deleteRunner({ runnerId })],
  ["the old token is reset", ({ gitlab, runnerId }) => gitlab.resetRunnerToken({ runnerId })],
];

describe("rotating the token", () => {
  it.each(REVOCATIONS)(
    "loses no job when %s while old replicas drain, and says so in one line",
    async (_, revoke) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await stack.mustUp();
      const old = await listContainers(docker, stack.serviceName);
      const jobs = await occupy(gitlab, 2, { script: tickingScript(60) });

      const second = await gitlab.createRunner({ runUntagged: true });
      await stack.configure({ token: second.token });
      await stack.mustUp();
      await managersSettle({ gitlab, runnerId: second.id }, 2, 1_000);
      // Swarm tells the old ones to stop when the new ones are healthy.
      const replicas = await Promise.all(old.map(({ Id }) => followReplica(docker, Id)));
      await eventually(
        () => replicas.every(({ said }) => said.some(({ state }) => state === "draining")),
        { what: "the old replicas to drain", timeoutMs: 60_000 },
      );
      await revoke(pool);
      await expectWhole(gitlab, jobs, 60, 90_000);
      const told = await Promise.all(replicas.map((replica) => replica.end(20_000)));
      expect(await gitlab.managers({ runnerId: second.id })).toHaveLength(2);
      for (const said of told) {
        expect(
          said.filter(({ message }) => message.includes("knows the token no more")),
        ).toHaveLength(1);
      }
    },
  );
});
