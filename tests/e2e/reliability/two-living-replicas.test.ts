import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually";
import { startJob } from "../../support/jobs";
import { createPool, type PoolFixture } from "../../support/pool-fixture";
import { replicaLines } from "../../support/replica-lines";
import { listContainers } from "../../support/swarm";
import {
  createTwoCommits,
  endJob,
  jobContainers,
  type TwoCommits,
} from "../../support/two-commits";

/** Until Swarm stops the old replicas in an update, on an engine that checks health late. */
const UPDATE_MS = 120_000;

let pool: PoolFixture;
let repository: TwoCommits;
/** Jobs of commit one. They keep running through every change of the pool. */
let running: readonly number[];

beforeAll(async () => {
  // All tests of this file together take longer than the drain timeout of other test pools.
  pool = await createPool({ settings: { replicas: 2, drainTimeout: "30m" } });
  repository = await createTwoCommits(pool);
  await pool.stack.mustUp();
  running = [
    await startJob(pool.gitlab, repository.endless("one")),
    await startJob(pool.gitlab, repository.endless("one")),
  ];
}, 180_000);
afterAll(async () => {
  for (const id of running) await endJob(pool.docker, id);
  await repository[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();
}, 180_000);

/** Lists the system IDs that the running replicas have logged. */
async function livingIds(): Promise<readonly string[]> {
  const { docker, stack } = pool;
  const containers = (await listContainers(docker, stack.serviceName)).filter(
    ({ State }) => State === "running",
  );
  const logs = await Promise.all(containers.map(({ Id }) => replicaLines(docker, Id)()));
  return logs.flatMap((lines) => {
    const line = lines.find(({ state }) => state === "starting");
    return /^system ID (\S+),/.exec(line?.message ?? "")?.[1] ?? [];
  });
}

/** Waits until `count` replicas are alive and GitLab has one manager for each. */
async function expectLiving(count: number): Promise<void> {
  const ids = await eventually(
    async () => {
      const living = await livingIds();
      const managers = await pool.gitlab.managers({});
      return living.length === count && managers.length === count && living;
    },
    { what: `${count} running replicas, each with its own manager`, timeoutMs: UPDATE_MS },
  );
  expect(new Set(ids).size).toBe(count);
  expect((await pool.gitlab.managers({})).map(({ systemId }) => systemId).sort()).toEqual(
    [...ids].sort(),
  );
}

/** Expects that two jobs of the other commit run on the new replicas and succeed. */
async function expectOtherCommitSucceeds(): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    const { id } = await pool.gitlab.enqueueJob(repository.short("two"));
    const { status } = await pool.gitlab.waitForJob({ id, timeoutMs: 60_000 });
    expect([status, await pool.gitlab.trace({ id })]).toEqual([
      "success",
      expect.stringContaining("Job succeeded"),
    ]);
  }
}

/** Expects that the jobs of commit one still run and that no other job changed their files. */
async function expectUndisturbed(): Promise<void> {
  for (const id of running) {
    const { status } = await pool.gitlab.job({ id });
    expect([status, await pool.gitlab.trace({ id })]).toEqual([
      "running",
      expect.not.stringMatching(/^somebody else/m),
    ]);
  }
}

/**
 * Changes the service as `docker service update` and `docker service rollback` do, and waits until
 * Swarm has completed the update.
 */
async function updateService(change: (spec: Spec) => Spec, query: object = {}): Promise<void> {
  const service = pool.docker.getService(pool.stack.serviceName);
  const { Spec, Version } = (await service.inspect()) as {
    readonly Spec: Spec;
    readonly Version: { readonly Index: number };
  };
  await service.update({ ...change(Spec), version: Version.Index, ...query });
  await updateCompletes();
}

/** Waits until Swarm has sent the old replicas a stop signal. */
async function updateCompletes(): Promise<void> {
  const service = pool.docker.getService(pool.stack.serviceName);
  await eventually(
    async () => {
      const { UpdateStatus } = (await service.inspect()) as {
        readonly UpdateStatus?: { readonly State?: string };
      };
      return UpdateStatus?.State?.endsWith("completed") === true;
    },
    { what: "the update to be completed", timeoutMs: UPDATE_MS },
  );
}

interface Spec {
  readonly TaskTemplate: {
    readonly ForceUpdate?: number;
    readonly ContainerSpec: { readonly Healthcheck: object };
  };
}

/** Does what `--force` does. Also checks health soon after the start, as newer engines do. */
const forceUpdate = ({ TaskTemplate, ...rest }: Spec): Spec => {
  const { ForceUpdate = 0, ContainerSpec } = TaskTemplate;
  const Healthcheck = { ...ContainerSpec.Healthcheck, Interval: 2_000_000_000 };
  return {
    ...rest,
    TaskTemplate: {
      ...TaskTemplate,
      ForceUpdate: ForceUpdate + 1,
      ContainerSpec: { ...ContainerSpec, Healthcheck },
    },
  };
};

describe("two running replicas", () => {
  it("share no system ID or tree when Swarm reuses a slot while its previous replica drains", async () => {
    const { stack } = pool;
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await stack.configure({ replicas: 2 });
    await stack.mustUp();

    await expectLiving(3);
    await expectOtherCommitSucceeds();
    await expectUndisturbed();
  });

  it("share no system ID or tree when `docker service update --force` replaces all replicas", async () => {
    await updateService(forceUpdate);
    await updateService(forceUpdate);

    await expectLiving(4);
    await expectOtherCommitSucceeds();
    await expectUndisturbed();
  });

  it("share no system ID or tree when the service is rolled back", async () => {
    await updateService((spec) => spec, { rollback: "previous" });

    await expectLiving(4);
    await expectOtherCommitSucceeds();
    await expectUndisturbed();
  });

  it("share no system ID or tree when a setting is changed and changed back", async () => {
    const { stack } = pool;
    await stack.configure({ runnerName: "another-" });
    expect(await stack.up("--refresh")).toMatchObject({ exitCode: 0 });
    await updateCompletes();
    await stack.configure({ runnerName: "gitlab-runner-" });
    await stack.mustUp();

    await expectLiving(4);
    await expectOtherCommitSucceeds();
    await expectUndisturbed();
  });

  it("complete the jobs that ran through all changes of the service", async () => {
    const ids = running;
    running = [];
    for (const id of ids) {
      await endJob(pool.docker, id);
      expect((await pool.gitlab.waitForJob({ id, timeoutMs: 30_000 })).status).toBe("success");
    }
    await expectLiving(2);
  });

  it("share no system ID or tree when a killed one comes back and removes its job's containers", async () => {
    const { gitlab, docker, stack, platform } = pool;
    const before = [...(await livingIds())].sort();
    const service = { name: platform.images.job, alias: "service", command: ["sleep", "100000"] };
    const job = await startJob(gitlab, { ...repository.endless("one"), services: [service] });
    const { systemId } = await gitlab.job({ id: job });
    await eventually(async () => (await jobContainers(docker, job)).length === 2, {
      what: "the containers of the job and of its service",
      timeoutMs: 30_000,
    });
    const containers = await listContainers(docker, stack.serviceName);
    for (const { Id, State } of containers) {
      if (State !== "running") continue;
      const lines = await replicaLines(docker, Id)();
      if (lines.some(({ message }) => message.includes(systemId ?? "none"))) {
        await docker.getContainer(Id).kill({ signal: "SIGKILL" });
      }
    }

    await eventually(async () => (await livingIds()).length === 2, {
      what: "the replica to be back",
      timeoutMs: 60_000,
    });
    // The replica removes them before it is online.
    await eventually(async () => (await jobContainers(docker, job)).length === 0, {
      what: "the containers of the job to be removed",
      timeoutMs: 10_000,
    });
    await expectLiving(2);
    expect([...(await livingIds())].sort()).toEqual(before);
    await expectOtherCommitSucceeds();
  });
});
