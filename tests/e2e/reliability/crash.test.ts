import { describe, expect, it } from "@jest/globals";
import type { GitlabEvent } from "../../../fake-gitlab";
import { eventually } from "../../support/eventually";
import { mostManagersSince } from "../../support/managers-over-time";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { listContainers, listTasks } from "../../support/swarm";
import { killInReplica, KILL_TARGETS } from "../../support/kill-target";

describe("kill -9", () => {
  it.each(KILL_TARGETS)(
    "brings the replica back under its system ID and leaves no stale manager: %s",
    async (target) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await stack.mustUp();
      const before = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      const { last } = await gitlab.events({});
      const [killed] = await listContainers(docker, stack.serviceName);
      await killInReplica(docker, killed?.Id ?? "", target);

      await eventually(
        async () => {
          const running = (await listContainers(docker, stack.serviceName)).filter(
            ({ State }) => State === "running",
          );
          return running.length === 2 && running.every(({ Id }) => Id !== killed?.Id);
        },
        { what: "a new container to replace the killed one", timeoutMs: 120_000 },
      );
      await eventually(
        async () => {
          const requests = (await gitlab.events({ after: last })).events.filter(
            (event) => event.kind === "request" && event.endpoint === "POST /runners/verify",
          );
          return requests.length > 0;
        },
        { what: "the new container to register", timeoutMs: 60_000 },
      );
      const after = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      expect(after).toEqual(before);
      expect(await mostManagersSince(gitlab, last, before)).toBeLessThanOrEqual(2);
    },
  );
});

describe("a crash loop after the token was revoked", () => {
  it("contacts GitLab at most once a minute per slot and never registers a new runner", async () => {
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
    const calls = await eventually(
      async () => {
        const times = findCallTimes((await gitlab.events({})).events);
        return times.size >= 2 && [...times.values()].every(({ length }) => length >= 2) && times;
      },
      { what: "both slots to contact GitLab twice", timeoutMs: 240_000 },
    );
    expect(calls.size).toBe(2);
    for (const times of calls.values()) {
      for (const [n, at] of times.slice(1).entries()) {
        expect(at - (times[n] ?? 0)).toBeGreaterThanOrEqual(59_000);
      }
    }
    expect(await gitlab.runners({})).toHaveLength(1);
    expect(await gitlab.managers({})).toEqual([]);
  });
});

/** When each replica presented its token or requested a new runner, by system ID. */
function findCallTimes(events: readonly GitlabEvent[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const event of events) {
    if (event.kind !== "request" || !/^POST \/runners(\/verify)?$/.test(event.endpoint)) continue;
    const id = event.systemId ?? "none";
    times.set(id, [...(times.get(id) ?? []), event.at]);
  }
  return times;
}
