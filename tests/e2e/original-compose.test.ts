import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { eventually } from "../support/eventually";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { withPrimaryNetwork } from "../support/primary-network";
import { replicaLines } from "../support/replica-lines";
import { readImage, listContainers } from "../support/swarm";

/**
 * This project's first compose file. Only the image, the token and the URL may be changed. It does
 * not mount an engine's socket.
 */
const FILE = resolve(__dirname, "../fixtures/original-compose.yaml");

describe("the unchanged original compose file", () => {
  it("runs replicas that wait for an engine, and with its socket keep their system IDs and warn about what they cannot guarantee", async () => {
    await using pool = await createPool({ settings: { replicas: 0 } });
    await pool.stack.mustUp();
    await withPrimaryNetwork(pool.docker, async () => {
      await using original = await deploy(pool);
      const { service, scale, mountSocket } = original;

      await eventually(
        async () => {
          const [waiting] = await running(pool, service);
          if (waiting === undefined) return false;
          const lines = await replicaLines(pool.docker, waiting.Id)();
          return lines.some(
            ({ state, message }) =>
              state === "waiting" &&
              message.includes("unix:///var/run/docker.sock cannot run jobs: ") &&
              message.includes("mount the engine's socket"),
          );
        },
        { what: "the replica to report that it has no engine", timeoutMs: 60_000 },
      );
      expect(await pool.gitlab.managers({})).toEqual([]);
      await mountSocket();

      const [before] = await managersSettle(pool, 1, 60_000);
      const [container] = await running(pool, service);
      const lines = await eventually(
        async () => {
          const lines = await replicaLines(pool.docker, container?.Id ?? "")();
          return lines.some(({ state }) => state === "online") && lines;
        },
        { what: "the replica to be online", timeoutMs: 30_000 },
      );
      expect(
        lines.filter(({ state }) => state === "warning").map(({ message }) => message),
      ).toEqual([
        expect.stringContaining("RUNNER_TAGS"),
        expect.stringMatching(
          /^some guarantees do not hold for this replica: .*no volume is mounted at \/var\/lib\/gitlab-runner-pool; .*10 s after/,
        ),
      ]);

      // It is now another container. Only Docker's DNS shows that it has the same slot.
      await pool.docker.getContainer(container?.Id ?? "").kill({ signal: "SIGKILL" });
      await eventually(
        async () => {
          const [next] = await running(pool, service);
          if (next === undefined || next.Id === container?.Id) return false;
          const lines = await replicaLines(pool.docker, next.Id)();
          return lines.some(({ state }) => state === "online");
        },
        { what: "the replica to be back online", timeoutMs: 60_000 },
      );
      expect((await pool.gitlab.managers({})).map(({ systemId }) => systemId)).toEqual([
        before?.systemId,
      ]);

      await scale(3);
      await managersSettle(pool, 3, 60_000);
      await scale(0);
      await managersSettle(pool, 0, 60_000);
    });
  });
});

interface Deployed extends AsyncDisposable {
  readonly service: string;
  readonly scale: (replicas: number) => Promise<void>;
  /** Adds the engine's socket, which the file does not mount. */
  readonly mountSocket: () => Promise<void>;
}

async function deploy(pool: PoolFixture): Promise<Deployed> {
  const { stack, platform, token, gitlabUrl } = pool;
  const name = `o${stack.stack}`;
  const service = `${name}_swarm-gitlab-runner`;
  const docker = async (...args: string[]) =>
    (await execa("docker", args, { env: { DOCKER_HOST: platform.dockerHost }, all: true })).all ??
    "";
  const text = (await readFile(FILE, "utf8"))
    .replace("_TOKEN: TOKEN", `_TOKEN: ${token}`)
    .replace("_URL: GITLAB_URL", `_URL: ${gitlabUrl}`)
    .replace("image: IMAGE", `image: ${await readImage(pool.docker, stack.serviceName)}`);
  const file = join(stack.folder, "original-compose.yaml");
  await writeFile(file, text);
  await docker("stack", "deploy", "--compose-file", file, name);
  return {
    service,
    async scale(replicas) {
      await docker("service", "scale", "--detach", `${service}=${replicas}`);
    },
    async mountSocket() {
      const socket = "/var/run/docker.sock";
      const mount = `type=bind,source=${socket},target=${socket}`;
      await docker("service", "update", "--detach", "--mount-add", mount, service);
    },
    async [Symbol.asyncDispose]() {
      await docker("stack", "rm", name);
      await eventually(async () => (await listContainers(pool.docker, service)).length === 0, {
        what: "the stack's containers to go",
        timeoutMs: 60_000,
      });
    },
  };
}

async function running({ docker }: PoolFixture, service: string) {
  return (await listContainers(docker, service)).filter(({ State }) => State === "running");
}
