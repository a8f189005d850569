import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import execa from "execa";
import { getSystemId } from "../../contract/identity";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { eventually } from "../support/eventually";
import { withPrimaryNetwork } from "../support/primary-network";
import { replicaLines } from "../support/replica-lines";
import { readImage, listContainers } from "../support/swarm";

const COMPOSE = resolve(__dirname, "../../examples/compose/compose.yaml");

describe("docker stack deploy with the compose example", () => {
  it("registers, runs a job, scales with `docker service scale`, and leaves nothing in GitLab", async () => {
    await using pool = await createPool();
    const { gitlab, docker, stack, platform } = pool;
    // The image is the one that the program pushed.
    await stack.configure({ replicas: 0 });
    await stack.mustUp();
    const image = await readImage(docker, stack.serviceName);
    await withPrimaryNetwork(docker, async () => {
      await using deployed = await deploy(pool, image);

      const before = (await managersSettle(pool, 2, 60_000)).map(({ systemId }) => systemId).sort();
      expect(await deployed.inspect()).not.toContain(pool.token);
      // By the service's ID, so that the pools of two swarms differ.
      expect(before).toEqual(await deployed.expectedIds(2));
      const { id } = await gitlab.enqueueJob({
        script: ["echo hello"],
        image: platform.images.job,
      });
      expect((await gitlab.waitForJob({ id, timeoutMs: 60_000 })).status).toBe("success");

      const [struck] = await listContainers(docker, deployed.service);
      await docker.getContainer(struck?.Id ?? "").kill({ signal: "SIGKILL" });
      await deployed.untilReplaced(struck?.Id ?? "");
      const after = (await managersSettle(pool, 2, 60_000)).map(({ systemId }) => systemId);
      expect(after.sort()).toEqual(before);

      await deployed.scale(3);
      await managersSettle(pool, 3, 60_000);
      await deployed.scale(1);
      await managersSettle(pool, 1, 60_000);
      await deployed.scale(0);
      await managersSettle(pool, 0, 60_000);
      await eventually(
        async () =>
          (await listContainers(docker, deployed.service)).every((c) => c.State !== "running"),
        { what: "the containers to end", timeoutMs: 30_000 },
      );
    });
  });
});

interface Deployed extends AsyncDisposable {
  readonly service: string;
  /** Lists the system IDs of its replicas on this node, sorted. */
  expectedIds(replicas: number): Promise<readonly string[]>;
  /** Returns Swarm's data about the service and its tasks. */
  inspect(): Promise<string>;
  /** Waits until another container has replaced this one and is online. */
  untilReplaced(containerId: string): Promise<void>;
  scale(replicas: number): Promise<void>;
}

/**
 * Runs `docker stack deploy` of the example, with additions for a machine without an external
 * registry.
 */
async function deploy(pool: PoolFixture, image: string): Promise<Deployed> {
  const name = `c${pool.stack.stack}`;
  const secret = `${name}-token`;
  const env = { DOCKER_HOST: pool.platform.dockerHost };
  const docker = (...args: string[]) =>
    execa("docker", args, {
      env: {
        ...env,
        POOL_IMAGE: image,
        RUNNER_TOKEN_SECRET: secret,
        RUNNER_CI_URL: pool.gitlabUrl,
        RUNNER_IMAGE: pool.platform.images.job,
      },
    });
  const local = join(pool.stack.folder, "compose.local.yaml");
  await writeFile(
    local,
    `version: "3.8"
services:
  runner:
    environment:
      RUNNER_DOCKER_HELPER_IMAGE: ${pool.platform.images.helper}
      RUNNER_DOCKER_PULL_POLICY: if-not-present
`,
  );
  const { id: secretId } = (await pool.docker.createSecret({
    Name: secret,
    Data: Buffer.from(pool.token).toString("base64"),
  })) as { readonly id: string };
  await docker("stack", "deploy", "--compose-file", COMPOSE, "--compose-file", local, name);
  const service = `${name}_runner`;
  return {
    service,
    async expectedIds(replicas) {
      const { ID } = (await pool.docker.getService(service).inspect()) as { readonly ID: string };
      const { Swarm } = (await pool.docker.info()) as {
        readonly Swarm: { readonly NodeID: string };
      };
      return Array.from({ length: replicas }, (_, n) =>
        getSystemId({
          ...{ pool: `${service}/${ID}`, node: Swarm.NodeID, slot: String(n + 1), place: "0" },
        }),
      ).sort();
    },
    async inspect() {
      const { stdout: spec } = await docker("service", "inspect", service);
      const tasks = await pool.docker.listTasks({ filters: { service: [service] } });
      const containers = await Promise.all(
        (await listContainers(pool.docker, service)).map(({ Id }) =>
          pool.docker.getContainer(Id).inspect(),
        ),
      );
      return `${spec}${JSON.stringify([tasks, containers])}`;
    },
    async untilReplaced(containerId) {
      await eventually(
        async () => {
          const running = (await listContainers(pool.docker, service)).filter(
            ({ State }) => State === "running",
          );
          const logs = await Promise.all(running.map(({ Id }) => replicaLines(pool.docker, Id)()));
          const online = logs.filter((lines) => lines.some(({ state }) => state === "online"));
          return running.every(({ Id }) => Id !== containerId) && online.length === 2;
        },
        { what: "another replica to replace the killed one", timeoutMs: 90_000 },
      );
    },
    async scale(replicas) {
      await docker("service", "scale", "--detach", `${service}=${replicas}`);
    },
    async [Symbol.asyncDispose]() {
      await docker("stack", "rm", name);
      await eventually(async () => (await listContainers(pool.docker, service)).length === 0, {
        what: "the stack's containers to go",
        timeoutMs: 60_000,
      });
      await pool.docker.getSecret(secretId).remove();
      await removeVolumes(pool.docker, name);
    },
  };
}

/** Removes the volumes of a removed stack, which `docker stack rm` keeps. */
async function removeVolumes(docker: Docker, stack: string): Promise<void> {
  const { Volumes } = await docker.listVolumes({
    filters: { label: [`com.docker.stack.namespace=${stack}`] },
  });
  for (const { Name } of Volumes) await docker.getVolume(Name).remove();
}
