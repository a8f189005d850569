import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import execa from "execa";
import { getSystemId, getSystemIdPrefix } from "../../contract/identity";
import { getPlacesVolume } from "../../contract/swarm";
import { removeJobObjects } from "../../dev/job-objects";
import { eventually } from "../support/eventually";
import { GitServer } from "../support/git-server";
import { killInReplica } from "../support/kill-target";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { runTool } from "../support/run-tool";
import { listContainers, listTasks } from "../support/swarm";

const MANAGED = "com.gitlab.gitlab-runner.managed";
const SYSTEM_ID = "com.gitlab.gitlab-runner.runner.system_id";
const JOB_MS = 90_000;

/** Names of the volumes of this test that no pool may touch. */
const FOREIGN = ["other-pool", "not-managed", "no-labels"] as const;

let pool: PoolFixture;
let git: GitServer;
let sha: string;
/** Name of the additional pool's service, whose replicas keep their volumes. */
let keeping: string;

/** The steps are in one test file and in one stack, because a pool takes long to deploy. */
beforeAll(async () => {
  git = await GitServer.start([]);
  await writeFile(join(git.folder, "file"), "content");
  sha = await git.commit("one", "main");
  pool = await createPool({ settings: { replicas: 1, drainTimeout: "1m", onlineTimeout: "3m" } });
  const { token } = await pool.gitlab.createRunner({ tags: ["keeping"], runUntagged: false });
  await pool.stack.configure({ pools: { keeping: { token, docker: { tidy: false } } } });
  await pool.stack.mustUp();
  const services = await pool.docker.listServices();
  keeping =
    services
      .map((service) => (service as { readonly Spec: { readonly Name: string } }).Spec.Name)
      .find((name) => name.startsWith(`${pool.stack.serviceName}-keeping`)) ?? "";
}, 300_000);

afterAll(async () => {
  for (const name of [...FOREIGN, "killed"]) {
    await pool.docker
      .getVolume(volumeName(name))
      .remove()
      .catch(() => undefined);
  }
  await pool[Symbol.asyncDispose]();
  await removeJobObjects(pool.docker, pool.gitlabUrl);
  await git[Symbol.asyncDispose]();
}, 180_000);

const volumeName = (name: string) => `${pool.stack.serviceName}-test-${name}`;

/** Lists the volumes of jobs with the mark of a pool, and their system IDs. */
async function volumesOf(service: string) {
  const { Volumes } = await pool.docker.listVolumes({ filters: { label: [`${MANAGED}=true`] } });
  const own = Volumes.map(({ Name, Labels }) => ({
    name: Name,
    systemId: Labels[SYSTEM_ID] ?? "",
  }));
  return own.filter(({ systemId }) => systemId.startsWith(getSystemIdPrefix(service)));
}

const setsOf = async (service: string) =>
  new Set((await volumesOf(service)).map(({ systemId }) => systemId)).size;

/** Runs a job with a repository and a cache. Returns its log. */
async function runJob(script: readonly string[], tags: readonly string[] = []): Promise<string> {
  const { id } = await enqueue(script, tags);
  const { status } = await pool.gitlab.waitForJob({ id, timeoutMs: JOB_MS });
  const trace = await pool.gitlab.trace({ id });
  expect(`${trace}\n${status}`).toMatch(/success$/);
  return trace;
}

function enqueue(script: readonly string[], tags: readonly string[] = []) {
  return pool.gitlab.enqueueJob({
    image: pool.platform.images.job,
    tags: [...tags],
    git: { url: git.urlOn(pool.platform.hostAddress), sha, depth: 0 },
    cache: [{ key: "k", paths: ["cached/"] }],
    script: [...script],
  });
}

interface Spec {
  readonly TaskTemplate: {
    readonly ForceUpdate?: number;
    readonly ContainerSpec: { readonly Healthcheck: object };
  };
}

/**
 * Updates a service as `docker service update --force` does, and waits for the end. Checks health
 * soon after the start, as newer engines do.
 */
async function update(name: string): Promise<void> {
  const service = pool.docker.getService(name);
  const { Spec, Version } = (await service.inspect()) as {
    readonly Spec: Spec;
    readonly Version: { readonly Index: number };
  };
  const { ForceUpdate = 0, ContainerSpec } = Spec.TaskTemplate;
  const Healthcheck = { ...ContainerSpec.Healthcheck, Interval: 2_000_000_000 };
  const TaskTemplate = {
    ...Spec.TaskTemplate,
    ForceUpdate: ForceUpdate + 1,
    ContainerSpec: { ...ContainerSpec, Healthcheck },
  };
  await service.update({ ...Spec, TaskTemplate, version: Version.Index });
  await eventually(
    async () => {
      const { UpdateStatus } = (await service.inspect()) as {
        readonly UpdateStatus?: { readonly State?: string };
      };
      return UpdateStatus?.State === "completed";
    },
    { what: `the update of ${name} to be completed`, timeoutMs: 120_000 },
  );
}

/** Waits until only the replicas that the service wants have containers. */
async function waitUntilOthersLeft(service: string, count: number): Promise<void> {
  await eventually(
    async () => {
      const containers = await listContainers(pool.docker, service);
      return containers.filter(({ State }) => State === "running").length === count;
    },
    { what: `${service} to have ${count} running containers`, timeoutMs: 120_000 },
  );
}

async function runningContainer(service: string): Promise<string> {
  const tasks = await listTasks(pool.docker, service);
  const running = tasks.find(({ state }) => state === "running");
  if (running?.containerId === undefined) throw new Error(`${service} has no running replica`);
  return running.containerId;
}

describe("the volumes of jobs", () => {
  it("are at most one set after five updates under jobs", async () => {
    const { serviceName } = pool.stack;
    for (let i = 0; i < 5; i += 1) {
      await runJob(["mkdir -p cached", "date > cached/date"]);
      const { id } = await enqueue(["sleep 4"]);
      await pool.gitlab.waitForJob({ id, until: ["running"], timeoutMs: JOB_MS });
      await update(serviceName);
      expect((await pool.gitlab.waitForJob({ id, timeoutMs: JOB_MS })).status).toBe("success");
    }
    await waitUntilOthersLeft(serviceName, 1);
    expect(await setsOf(serviceName)).toBeLessThanOrEqual(1);
    // Without this, a pool that never creates volumes would pass.
    await runJob(["mkdir -p cached", "echo warm > cached/state"]);
    expect(await setsOf(serviceName)).toBe(1);
  }, 600_000);

  it("stay for the successor of a killed replica", async () => {
    const { serviceName } = pool.stack;
    const before = await volumesOf(serviceName);
    const killed = await runningContainer(serviceName);
    await killInReplica(pool.docker, killed, "the container");
    await eventually(async () => (await runningContainer(serviceName)) !== killed, {
      what: "the successor of the killed replica",
      timeoutMs: 120_000,
    }).catch(() => undefined);
    expect(await runJob(["cat cached/state"])).toMatch(/^warm\r?$/m);
    expect((await volumesOf(serviceName)).map(({ name }) => name)).toEqual(
      expect.arrayContaining(before.map(({ name }) => name)),
    );
  }, 300_000);

  it("go if they belong to a killed replica without a successor, and no others do", async () => {
    const { docker, stack } = pool;
    const { serviceName } = stack;
    const service = (await docker.getService(serviceName).inspect()) as { readonly ID: string };
    const info = (await docker.info()) as { readonly Swarm: { readonly NodeID: string } };
    const identity = { node: info.Swarm.NodeID, slot: "9", place: "0" };
    const dead = getSystemId({ pool: `${serviceName}/${service.ID}`, ...identity });
    const other = getSystemId({ pool: "other/1", ...identity });
    const create = (name: string, labels: Readonly<Record<string, string>>) =>
      docker.createVolume({ Name: volumeName(name), Labels: labels });
    await create("other-pool", { [MANAGED]: "true", [SYSTEM_ID]: other });
    await create("not-managed", { [SYSTEM_ID]: dead });
    await create("no-labels", {});
    await create("killed", { [MANAGED]: "true", [SYSTEM_ID]: dead });
    const own = await volumesOf(serviceName);
    // What a killed replica of slot 9 leaves beside its volume, which no replica will take.
    await execa(
      "docker",
      [
        ...["run", "--rm", "--volume", `${getPlacesVolume(serviceName)}:/places`],
        ...[pool.platform.images.job, "sh", "-c", `echo ${dead} > /places/9.0`],
      ],
      { env: { DOCKER_HOST: pool.platform.dockerHost } },
    );
    // The first look of a new replica begins a minute after `online`, and the second one a minute
    // later. An older replica looks only once an hour.
    await killInReplica(docker, await runningContainer(serviceName), "the container");
    const exists = async (name: string) => {
      const { Volumes } = await docker.listVolumes({ filters: { name: [volumeName(name)] } });
      return Volumes.length > 0;
    };
    await eventually(async () => !(await exists("killed")), {
      what: "the volume of the killed replica to be removed",
      timeoutMs: 240_000,
      intervalMs: 1_000,
    });
    for (const name of FOREIGN) expect([name, await exists(name)]).toEqual([name, true]);
    const left = (await volumesOf(serviceName)).map(({ name }) => name);
    expect(left).toEqual(
      expect.arrayContaining(
        own.map(({ name }) => name).filter((one) => one !== volumeName("killed")),
      ),
    );
  }, 400_000);

  it("are gone after `pulumi destroy`, unless `docker.tidy` is false", async () => {
    const { serviceName } = pool.stack;
    await runJob(["mkdir -p cached"], ["keeping"]);
    expect(await setsOf(serviceName)).toBe(1);
    expect(await setsOf(keeping)).toBe(1);
    await pool.stack.destroy();
    await managersSettle(pool, 0, 60_000);
    expect(await volumesOf(serviceName)).toEqual([]);
    expect(await setsOf(keeping)).toBe(1);

    const env = { DOCKER_HOST: pool.platform.dockerHost };
    const listed = await runTool("tidy", [keeping], env);
    expect(listed.stdout).toMatch(/^ {2}left: r_\w+: \d volumes?$/m);
    expect(listed.exitCode).toBe(1);
    expect(await setsOf(keeping)).toBe(1);
    const removed = await runTool("tidy", [keeping, "--yes"], env);
    expect(removed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await volumesOf(keeping)).toEqual([]);
  }, 300_000);
});
