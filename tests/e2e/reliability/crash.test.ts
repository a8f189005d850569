import { describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually";
import { mostManagersSince } from "../../support/managers-over-time";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { listContainers, listTasks } from "../../support/swarm";
import { killVictim, VICTIMS } from "../../support/victims";

describe("kill -9 of", () => {
  it.each(VICTIMS)(
    "%s brings the replica back under its system ID, and no ghost",
    async (victim) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await stack.mustUp();
      const before = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      const { last } = await gitlab.events({});
      const [struck] = await listContainers(docker, stack.serviceName);
      await killVictim(docker, struck?.Id ?? "", victim);

      await eventually(
        async () => {
          const running = (await listContainers(docker, stack.serviceName)).filter(
            ({ State }) => State === "running",
          );
          return running.length === 2 && running.every(({ Id }) => Id !== struck?.Id);
        },
        { what: "a new container in place of the killed one", timeoutMs: 120_000 },
      );
      await eventually(
        async () => {
          const polls = (await gitlab.events({ after: last })).events.filter(
            (event) => event.kind === "request" && event.endpoint === "POST /runners/verify",
          );
          return polls.length > 0;
        },
        { what: "the new container to register", timeoutMs: 60_000 },
      );
      const after = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      expect(after).toEqual(before);
      expect(await mostManagersSince(gitlab, last, before)).toBeLessThanOrEqual(2);
    },
  );
});

describe("a crash loop", () => {
  it("of a revoked token registers at most once a minute a slot, and never a new runner", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 2, onlineTimeout: "0s" },
    });
    const { stack, gitlab, docker } = pool;
    await gitlab.resetRunnerToken({ runnerId: pool.runnerId });
    await stack.mustUp();
    await eventually(async () => (await listTasks(docker, stack.serviceName)).length >= 2, {
      what: "two tasks",
      timeoutMs: 20_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 75_000));
    const calls = (await gitlab.events({})).events.filter(
      (event) => event.kind === "request" && /^POST \/runners(\/verify)?$/.test(event.endpoint),
    );
    // Two slots for a minute and a quarter: at most two calls each.
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls.length).toBeLessThanOrEqual(4);
    expect(await gitlab.runners({})).toHaveLength(1);
    expect(await gitlab.managers({})).toEqual([]);
  });
});
