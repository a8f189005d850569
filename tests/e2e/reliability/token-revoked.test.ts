import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import { findCurrentState } from "../../../contract/replica-log";
import { eventually } from "../../support/eventually";
import {
  waitUntilDraining,
  ENDLESS,
  endJobs,
  expectIntactLogs,
  fillRunners,
  waitForMoreOutput,
} from "../../support/jobs";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { followReplica, replicaLines } from "../../support/replica-lines";
import { listContainers, listTasks, type SwarmTask } from "../../support/swarm";

/** The ways to make GitLab reject the old token. */
const REVOCATIONS: readonly [string, (pool: PoolFixture) => Promise<unknown>][] = [
  ["the old runner is deleted", ({ gitlab, runnerId }) => gitlab.deleteRunner({ runnerId })],
  ["the old token is reset", ({ gitlab, runnerId }) => gitlab.resetRunnerToken({ runnerId })],
];

describe("rotating the token", () => {
  it.each(REVOCATIONS)(
    "loses no job when %s while old replicas drain, and logs the rejection once",
    async (_, revoke) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await stack.mustUp();
      const old = await listContainers(docker, stack.serviceName);
      const jobs = await fillRunners(gitlab, 2, { script: ENDLESS });

      const second = await gitlab.createRunner({ runUntagged: true });
      await stack.configure({ token: second.token });
      await stack.mustUp();
      await managersSettle({ gitlab, runnerId: second.id }, 2, 1_000);
      // Swarm stops the old replicas when the new ones are healthy.
      const replicas = await Promise.all(old.map(({ Id }) => followReplica(docker, Id)));
      await waitUntilDraining(replicas, 2);
      await revoke(pool);
      await waitForMoreOutput(gitlab, jobs);
      await endJobs(docker, stack.serviceName);
      await expectIntactLogs(gitlab, jobs, "endless", 90_000);
      const logs = await Promise.all(replicas.map((replica) => replica.end(20_000)));
      expect(await gitlab.managers({ runnerId: second.id })).toHaveLength(2);
      for (const lines of logs) {
        expect(
          lines.filter(({ message }) => message.includes("no longer knows the token")),
        ).toHaveLength(1);
      }
    },
  );
});

describe("a pool whose token is reset", () => {
  it("becomes unhealthy; Swarm replaces the replica, whose job still finishes", async () => {
    const settings = { executor: "shell", docker: undefined, replicas: 1, concurrent: 2 };
    await using pool = await createPool({ settings });
    const { stack, gitlab, docker, runnerId } = pool;
    await stack.mustUp();
    // The real intervals take minutes.
    await shortenIntervals(docker, stack.serviceName);
    const old = await eventually(
      async () => (await listTasks(docker, stack.serviceName)).find(isRunning),
      { what: "the replica with short intervals", timeoutMs: 60_000 },
    );
    const jobs = await fillRunners(gitlab, 1, { script: ENDLESS });
    const replica = await followReplica(docker, old.containerId ?? "");
    await gitlab.resetRunnerToken({ runnerId });

    await eventually(() => findCurrentState(replica.lines)?.state === "draining", {
      what: "swarm to stop the unhealthy replica",
      // After three rejections in a row, gitlab-runner pauses for a minute.
      timeoutMs: 150_000,
    });
    const { State } = await docker.getContainer(old.containerId ?? "").inspect();
    expect(State).toMatchObject({ Running: true, Health: { Status: "unhealthy" } });
    const refused = replica.lines.filter(({ state }) => state === "refused");
    expect(refused.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^GitLab no longer accepts this replica: 403 Forbidden; /),
    ]);
    await waitForMoreOutput(gitlab, jobs);
    await endJobs(docker, stack.serviceName);
    await expectIntactLogs(gitlab, jobs, "endless", 90_000);
    expect((await replica.end(20_000)).at(-1)).toMatchObject({ state: "deregistered" });
    await eventually(
      async () => {
        // The last task is the newest one.
        const next = (await listTasks(docker, stack.serviceName))
          .filter(
            ({ createdAt, containerId }) => createdAt > old.createdAt && containerId !== undefined,
          )
          .at(-1);
        if (next?.containerId === undefined) return false;
        const lines = await replicaLines(docker, next.containerId)();
        return lines.some(({ state }) => state === "refused");
      },
      { what: "the new replica to be refused", timeoutMs: 40_000 },
    );
  });
});

const isRunning = ({ state, desiredState }: SwarmTask): boolean =>
  state === "running" && desiredState === "running";

/** Two pauses of this length pass between two looks at the job requests. */
const WATCH_PACE = "POOL_WATCH=0.5";

/**
 * Makes the replicas check their token, and the engine their health, every second. Swarm replaces
 * the tasks for this change.
 */
async function shortenIntervals(docker: Docker, serviceName: string): Promise<void> {
  const service = docker.getService(serviceName);
  const { Spec, Version } = (await service.inspect()) as {
    readonly Version: { readonly Index: number };
    readonly Spec: {
      readonly TaskTemplate: {
        readonly ContainerSpec: {
          readonly Env: readonly string[];
          readonly Healthcheck: object;
        };
      };
    };
  };
  const { TaskTemplate } = Spec;
  const { ContainerSpec } = TaskTemplate;
  const Env = [...ContainerSpec.Env, WATCH_PACE];
  const Healthcheck = { ...ContainerSpec.Healthcheck, Interval: 1e9 };
  await service.update({
    ...Spec,
    TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...ContainerSpec, Env, Healthcheck } },
    version: Version.Index,
  });
  await eventually(
    async () => {
      const [task, ...others] = (await listTasks(docker, serviceName)).filter(isRunning);
      if (task?.containerId === undefined || others.length > 0) return false;
      const { Config } = await docker.getContainer(task.containerId).inspect();
      return Config.Env.includes(WATCH_PACE);
    },
    { what: "the replica with short intervals to run alone", timeoutMs: 60_000 },
  );
}
