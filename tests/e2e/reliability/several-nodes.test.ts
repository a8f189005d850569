import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFacts } from "../../../dev/facts";
import { eventually } from "../../support/eventually";
import { ENDLESS, endJobs, expectIntactLogs, fillRunners } from "../../support/jobs";
import { mostManagersSince } from "../../support/managers-over-time";
import { startLoginRegistry } from "../../support/login-registry";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { listContainers, listTasks } from "../../support/swarm";
import { startSwarmOfThree, type SwarmOfThree } from "../../support/swarm-of-three";
import { SITE, startEngine, stopEngine } from "../../support/three-nodes";

const SETUP_MS = 180_000;

let three: SwarmOfThree;
beforeAll(async () => {
  three = await startSwarmOfThree(await readFacts());
}, SETUP_MS);
afterAll(async () => {
  await three[Symbol.asyncDispose]();
}, SETUP_MS);

describe("pulumi up on several nodes", () => {
  it("reports a node that cannot pull the image, keeps working replicas, and converges later", async () => {
    await using pool = await createShellPool({ onlineTimeout: "20s" });
    const { stack, gitlab } = pool;
    const entrypoint = await readFile(join(stack.folder, "runner-image/entrypoint.sh"), "utf8");
    await stack.edit(
      "runner-image/entrypoint.sh",
      `${entrypoint}# an image that no node has yet\n`,
    );
    three.gate.refused = three.swarm.workers.map(({ address }) => address);
    const failed = await stack.up();
    three.gate.refused = [];

    expect(failed.exitCode).not.toBe(0);
    expect(failed.ms).toBeLessThan(60_000);
    expect(failed.output).toMatch(/1 of 3 replicas online/);
    expect(failed.output).toMatch(/replicas? .*No such image: .*; node \S+ cannot pull it/);
    expect(await gitlab.managers({ runnerId: pool.runnerId })).toHaveLength(1);

    await stack.mustUp();
    await managersSettle(pool, 3, 1_000);
  });

  it("fails with Swarm's message if no node is suitable, and converges later", async () => {
    await using pool = await createShellPool({ onlineTimeout: "1m" });
    const { stack } = pool;
    await three.swarm.setAvailability("drain");
    const failed = await stack.up();
    await three.swarm.setAvailability("active");

    expect(failed.exitCode).not.toBe(0);
    expect(failed.ms).toBeLessThan(60_000);
    expect(failed.output).toContain("no suitable node (3 nodes not available for new tasks)");

    await stack.mustUp();
    await managersSettle(pool, 3, 1_000);
  });
});

describe("a registry that requires a login", () => {
  it("lets every node pull, and a node that needs the image later with the new password", async () => {
    const [old, next] = ["first-password", "second-password"];
    const [worker, later] = three.swarm.workers;
    await using registry = await startLoginRegistry({
      host: SITE.hostAddress,
      logins: { ci: old },
    });
    await using pool = await createShellPool({
      replicas: 2,
      registry: { address: `http://${registry.address}/e2e`, username: "ci", password: old },
    });
    const { stack } = pool;
    const { serviceName } = stack;
    try {
      await three.swarm.setAvailability("drain", [later]);
      await stack.mustUp();
      expect(await containersPerNode(serviceName)).toEqual([1, 1, 0]);
      const taskIds = async () =>
        (await listTasks(three.swarm.manager.docker, serviceName)).map(({ id }) => id);
      const before = await taskIds();

      await registry.setLogins({ ci: next });
      await stack.configure({ registry: { password: next } });
      await stack.mustUp();
      expect(await taskIds()).toEqual(before);

      // Swarm itself moves the replica, without the program and its login.
      await three.swarm.setAvailability("active", [later]);
      await three.swarm.setAvailability("drain", [worker]);
      await eventually(
        async () =>
          (await listContainers(later.docker, serviceName)).some(
            ({ State }) => State === "running",
          ),
        { what: "a replica on the node that pulls the image last", timeoutMs: 60_000 },
      );
    } finally {
      await three.swarm.setAvailability("active");
    }
  });
});

describe("a pool with mode: global", () => {
  it("keeps one replica on each node through a kill, an update, a drained node and destroy", async () => {
    await using pool = await createShellPool({ mode: "global", replicas: undefined });
    const { stack, gitlab } = pool;
    const { serviceName } = stack;
    const [worker] = three.swarm.workers;
    const endAll = async () => {
      for (const { docker } of three.swarm.nodes) await endJobs(docker, serviceName);
    };
    try {
      await stack.mustUp();
      expect(await runningPerNode(serviceName)).toEqual([1, 1, 1]);
      expect((await stack.outputs())["replicas"]).toBe(3);
      // Each job runs on another manager, so there are three system IDs.
      const first = await fillRunners(gitlab, 3, { script: ENDLESS });
      await endAll();
      await expectIntactLogs(gitlab, first, "endless", 60_000);

      const before = await systemIds(pool);
      const { last } = await gitlab.events({});
      const [victim] = await listContainers(worker.docker, serviceName);
      await worker.docker.getContainer(victim?.Id ?? "").kill();
      const killedMs = Date.now();
      await eventually(
        async () =>
          (await listContainers(worker.docker, serviceName)).some(
            ({ Id, State }) => Id !== victim?.Id && State === "running",
          ) &&
          (await gitlab.managers({ runnerId: pool.runnerId })).every(
            ({ contactedAt }) => (contactedAt ?? 0) > killedMs,
          ),
        { what: "a new replica on the node of the killed one", timeoutMs: 90_000 },
      );
      expect(await systemIds(pool)).toEqual(before);
      expect(await mostManagersSince(gitlab, last, before)).toBe(3);

      await stack.configure({ runnerName: "global-" });
      await stack.mustUp();
      await managersSettle(pool, 3, 60_000);
      await eventually(
        async () => (await runningPerNode(serviceName)).every((count) => count === 1),
        { what: "only the new replica on each node", timeoutMs: 60_000 },
      );

      const jobs = await fillRunners(gitlab, 3, { script: ENDLESS });
      await three.swarm.setAvailability("drain", [worker]);
      const leaving = await eventually(
        async () =>
          (await gitlab.managers({ runnerId: pool.runnerId })).length === 3 &&
          (await listTasks(three.swarm.manager.docker, serviceName)).some(
            ({ state, desiredState }) => state === "running" && desiredState === "shutdown",
          ),
        { what: "a replica that drains and is still in GitLab", timeoutMs: 60_000 },
      );
      expect(leaving).toBe(true);
      // Nothing waits for the drained node.
      await stack.mustUp();
      expect((await stack.outputs())["replicas"]).toBe(2);
      await endAll();
      await expectIntactLogs(gitlab, jobs, "endless", 60_000);
      await managersSettle(pool, 2, 60_000);
      await three.swarm.setAvailability("active");
      await stack.mustUp();
      await managersSettle(pool, 3, 1_000);
      expect((await stack.outputs())["replicas"]).toBe(3);

      await stack.destroy();
      expect(await gitlab.managers({})).toEqual([]);
    } finally {
      await three.swarm.setAvailability("active");
    }
  });
});

describe("pulumi destroy of a pool on several nodes", () => {
  it.each([
    ["a supplied token", false],
    ["a runner that the pool created", true],
  ])("loses no job and leaves nothing behind: %s", async (_, scoped) => {
    await using pool = await createShellPool(scoped ? { runnerScope: "instance" } : {}, {
      withoutToken: scoped,
    });
    const { stack, gitlab } = pool;
    if (scoped) stack.env["GITLAB_TOKEN"] = (await gitlab.createPersonalAccessToken({})).token;
    await stack.mustUp();
    expect(await containersPerNode(stack.serviceName)).toEqual([1, 1, 1]);
    const jobs = await fillRunners(gitlab, 3, { script: ENDLESS });

    const destroying = stack.destroy();
    await Promise.race([untilGone(stack.serviceName), destroying]);
    for (const { docker } of three.swarm.nodes) await endJobs(docker, stack.serviceName);
    await destroying;

    await expectIntactLogs(gitlab, jobs, "endless", 60_000);
    await eventually(
      async () => (await containersPerNode(stack.serviceName)).every((count) => count === 0),
      { what: "no container of the pool on any node", timeoutMs: 20_000 },
    );
    expect(await gitlab.managers({})).toEqual([]);
    expect(await gitlab.runners({})).toHaveLength(scoped ? 0 : 1);
  });
});

describe("restarting a node's Docker engine", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)(
    "brings its replica back under its system ID and leaves no stale manager: after %s",
    async (signal) => {
      await using pool = await createShellPool();
      const { stack, gitlab } = pool;
      await stack.mustUp();
      const before = await systemIds(pool);
      const { last } = await gitlab.events({});

      const [worker] = three.swarm.workers;
      await stopEngine(worker, signal);
      await startEngine(worker);

      await eventually(async () => (await countRunning(stack.serviceName)) === 3, {
        what: "three running replicas",
        timeoutMs: 240_000,
      });
      await managersSettle(pool, 3);
      expect(await systemIds(pool)).toEqual(before);
      expect(await mostManagersSince(gitlab, last, before)).toBe(3);
    },
  );
});

function createShellPool(
  settings: Readonly<Record<string, unknown>> = {},
  options: { readonly withoutToken?: boolean } = {},
): Promise<PoolFixture> {
  return createPool({
    ...options,
    platform: three.platform,
    settings: { executor: "shell", docker: undefined, replicas: 3, ...settings },
  });
}

async function containersPerNode(service: string): Promise<readonly number[]> {
  return Promise.all(
    three.swarm.nodes.map(async ({ docker }) => (await listContainers(docker, service)).length),
  );
}

async function runningPerNode(service: string): Promise<readonly number[]> {
  return Promise.all(
    three.swarm.nodes.map(async ({ docker }) => {
      const containers = await listContainers(docker, service);
      return containers.filter(({ State }) => State === "running").length;
    }),
  );
}

/** Waits until Swarm has deleted a service. Its replicas keep running until their jobs end. */
async function untilGone(service: string): Promise<void> {
  const { docker } = three.swarm.manager;
  await eventually(
    async () => (await docker.listServices()).every(({ Spec }) => Spec?.Name !== service),
    { what: `Swarm to delete ${service}`, timeoutMs: 60_000 },
  );
}

/** Counts the tasks that are running and should stay running. */
async function countRunning(service: string): Promise<number> {
  const tasks = await listTasks(three.swarm.manager.docker, service);
  return tasks.filter(
    ({ state, desiredState }) => state === "running" && desiredState === "running",
  ).length;
}

async function systemIds({ gitlab, runnerId }: PoolFixture): Promise<readonly string[]> {
  return (await gitlab.managers({ runnerId })).map(({ systemId }) => systemId).sort();
}
