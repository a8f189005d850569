import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { eventually } from "../support/eventually";
import { imageOf, listContainers } from "../support/swarm";

const COMPOSE = resolve(__dirname, "../../examples/compose/compose.yaml");

describe("the compose way", () => {
  it("registers, runs a job, scales by `docker service scale` and leaves nothing in GitLab", async () => {
    await using pool = await createPool();
    const { gitlab, docker, stack, platform } = pool;
    // The image is the one that the program pushed.
    await stack.configure({ replicas: 0 });
    await stack.mustUp();
    const image = await imageOf(docker, stack.serviceName);
    await using deployed = await deploy(pool, image);

    await managersSettle(pool, 2, 60_000);
    const { id } = await gitlab.enqueueJob({ script: ["echo hello"], image: platform.images.job });
    expect((await gitlab.waitForJob({ id, timeoutMs: 60_000 })).status).toBe("success");

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

interface Deployed extends AsyncDisposable {
  readonly service: string;
  scale(replicas: number): Promise<void>;
}

/** `docker stack deploy` of the example, with what a machine without a registry outside needs on top. */
async function deploy(pool: PoolFixture, image: string): Promise<Deployed> {
  const name = `c${pool.stack.stack}`;
  const env = { DOCKER_HOST: pool.platform.dockerHost };
  const docker = (...args: string[]) =>
    execa("docker", args, {
      env: {
        ...env,
        POOL_IMAGE: image,
        RUNNER_CI_TOKEN: pool.token,
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
  const networks = await docker("network", "ls", "--format", "{{.Name}}");
  const ours = !networks.stdout.split("\n").includes("primary-network");
  if (ours) {
    await docker("network", "create", "--driver", "overlay", "--attachable", "primary-network");
  }
  await docker("stack", "deploy", "--compose-file", COMPOSE, "--compose-file", local, name);
  const service = `${name}_runner`;
  return {
    service,
    async scale(replicas) {
      await docker("service", "scale", "--detach", `${service}=${replicas}`);
    },
    async [Symbol.asyncDispose]() {
      await docker("stack", "rm", name);
      await eventually(async () => (await listContainers(pool.docker, service)).length === 0, {
        what: "the stack's containers to go",
        timeoutMs: 60_000,
      });
      if (ours) await docker("network", "rm", "primary-network");
    },
  };
}
