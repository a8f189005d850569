import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { eventually } from "../../support/eventually";
import { mostManagersSince } from "../../support/managers-over-time";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { listContainers, listTasks } from "../../support/swarm";

/** What is killed, by the pattern of its command line in the container. */
const VICTIMS: readonly [string, (pool: PoolFixture, containerId: string) => Promise<void>][] = [
  ["the container", ({ docker }, id) => docker.getContainer(id).kill({ signal: "SIGKILL" })],
  ["gitlab-runner inside it", (_, id) => killInside(id, "gitlab-runner")],
  ["the entrypoint", (_, id) => killInside(id, "entrypoint.sh")],
];

describe("kill -9 of", () => {
  it.each(VICTIMS)(
    "%s brings the replica back under its system ID, and no ghost",
    async (_, kill) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await stack.mustUp();
      const before = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      const { last } = await gitlab.events({});
      const [victim] = await listContainers(docker, stack.serviceName);
      await kill(pool, victim?.Id ?? "");

      await eventually(
        async () => {
          const running = (await listContainers(docker, stack.serviceName)).filter(
            ({ State }) => State === "running",
          );
          return running.length === 2 && running.every(({ Id }) => Id !== victim?.Id);
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

async function killInside(containerId: string, pattern: string): Promise<void> {
  const { stdout } = await execa("docker", ["top", containerId, "-eo", "pid,args"]);
  const line = stdout
    .split("\n")
    .slice(1)
    .find((text) => text.includes(pattern) && !text.includes("dumb-init"));
  const pid = Number(line?.trim().split(/\s+/)[0]);
  if (!(pid > 1)) throw new Error(`no process of ${pattern} in:\n${stdout}`);
  process.kill(pid, "SIGKILL");
}
