import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { Containers } from "../../../soak/containers";
import type { Observation } from "../../../soak/evidence";
import { findGaps } from "../../../soak/judge";
import { Watch } from "../../../soak/watch";
import { eventually } from "../../support/eventually";
import { expectIntactLogs, tickingScript } from "../../support/jobs";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { listTasks } from "../../support/swarm";

const UPDATES: readonly [string, (pool: PoolFixture) => Promise<number>][] = [
  [
    "a new image",
    async ({ stack, runnerId }) => {
      await appendFile(join(stack.folder, "runner-image/entrypoint.sh"), "# new\n");
      return runnerId;
    },
  ],
  [
    "a new setting",
    async ({ stack, runnerId }) => {
      await stack.configure({ runnerName: "other-" });
      return runnerId;
    },
  ],
  [
    "a new token",
    async ({ stack, gitlab }) => {
      const { id, token } = await gitlab.createRunner({ runUntagged: true });
      await stack.configure({ token });
      return id;
    },
  ],
];

describe("a rolling update while jobs keep arriving", () => {
  it.each(UPDATES)(
    "loses no job, accepts jobs at any time, and leaves only the new managers: %s",
    async (_, change) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await using watch = new Watch(gitlab);
      using containers = await Containers.follow(docker, stack.serviceName, (observation) => {
        watch.note(observation);
      });
      await stack.mustUp();
      const before = (await managersSettle(pool, 2)).map(({ systemId }) => systemId);
      const living = (await containers.living()).map(({ systemId }) => systemId);
      expect(living.sort()).toEqual([...before].sort());
      using stream = streamJobs(pool);
      await sleep(4_000);

      const runnerId = await change(pool);
      await stack.mustUp();
      const after = await eventually(
        async () => {
          const managers = (await gitlab.managers({})).map(({ systemId }) => systemId);
          return managers.length === 2 && !managers.some((id) => before.includes(id)) && managers;
        },
        { what: "exactly the two new managers", timeoutMs: 120_000 },
      );
      await sleep(4_000);
      const jobs = await stream.end();
      await expectIntactLogs(gitlab, jobs, 3, 60_000);
      expect(idsOf(watch, "ended")).toEqual([...before].sort());
      expect(idsOf(watch, "polled")).toEqual([...before, ...after].sort());
      expect(findGaps(watch.observations)).toEqual([]);
      expect((await gitlab.managers({ runnerId })).map(({ systemId }) => systemId)).toEqual(after);
      const running = (await listTasks(docker, stack.serviceName)).filter(
        ({ desiredState }) => desiredState === "running",
      );
      expect(running).toHaveLength(2);
    },
  );
});

/** Lists the system IDs that have an observation of the given kind. */
function idsOf({ observations }: Watch, kind: Observation["kind"]): readonly string[] {
  const ids = observations
    .filter((observation) => observation.kind === kind)
    .map(({ systemId }) => systemId);
  return [...new Set(ids)].sort();
}

/** Enqueues a job every two seconds until `end` or disposal. */
function streamJobs({ gitlab }: PoolFixture): Disposable & { end(): Promise<{ id: number }[]> } {
  const jobs: Promise<{ id: number }>[] = [];
  const timer = setInterval(() => {
    jobs.push(gitlab.enqueueJob({ name: "stream", script: tickingScript(3) }));
  }, 2_000);
  return {
    end() {
      clearInterval(timer);
      return Promise.all(jobs);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
