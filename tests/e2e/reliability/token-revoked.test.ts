import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import type { ReplicaLine } from "../../../contract/replica-log";
import { eventually } from "../../support/eventually";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { listContainers } from "../../support/swarm";
import { replicaLines } from "../../support/replica-lines";

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
      const lines = old.map(({ Id }) => replicaLines(docker, Id));
      await eventually(
        async () =>
          (await Promise.all(lines.map((read) => read()))).every((texts) =>
            texts.some(({ state }) => state === "draining"),
          ),
        { what: "the old replicas to drain", timeoutMs: 60_000 },
      );
      await revoke(pool);
      const told = collectLast(lines);
      await expectWhole(gitlab, jobs, 60, 90_000);
      await eventually(
        async () =>
          (await listContainers(docker, stack.serviceName)).filter(
            ({ State }) => State === "running",
          ).length === 2,
        { what: "the old replicas to end", timeoutMs: 20_000 },
      );
      expect(await gitlab.managers({ runnerId: second.id })).toHaveLength(2);
      for (const said of await told.end()) {
        expect(
          said.filter(({ message }) => message.includes("knows the token no more")),
        ).toHaveLength(1);
      }
    },
  );
});

type ReadLines = () => Promise<readonly ReplicaLine[]>;

/** Keeps what replicas said last: the log goes with the container. */
function collectLast(readers: readonly ReadLines[]): {
  end(): Promise<readonly (readonly ReplicaLine[])[]>;
} {
  const last = readers.map((): readonly ReplicaLine[] => []);
  let ended = false;
  const read = async (): Promise<void> => {
    while (!ended) {
      await Promise.all(
        readers.map(async (reader, i) => {
          last[i] = await reader().catch(() => last[i] ?? []);
        }),
      );
      await sleep(200);
    }
  };
  const reading = read();
  return {
    async end() {
      ended = true;
      await reading;
      return last;
    },
  };
}
