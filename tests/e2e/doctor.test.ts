import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import execa from "execa";
import { readFacts } from "../../dev/facts";
import { listEncodings } from "../../contract/redact";
import { LoginGate } from "../support/login-gate";
import { createPool, type PoolFixture } from "../support/pool-fixture";

const PROJECT = resolve(__dirname, "../..");

const USER = "doctor-user";
const PASSWORD = "password-of-the-doctor";

/** No server listens on this port. */
const CLOSED_PORT = 59_998;
const CLOSED = `127.0.0.1:${CLOSED_PORT}`;

describe("npm run doctor", () => {
  it("finds a healthy stack in order and leaves nothing, and names each fault", async () => {
    const { registry } = await readFacts();
    await using gate = await LoginGate.open(registry, new Map([[USER, PASSWORD]]));
    await using pool = await createPool({
      settings: {
        registry: { address: `${gate.address}/e2e-doctor`, username: USER, password: PASSWORD },
      },
    });
    const { gitlab, gitlabUrl, stack, platform, runnerId, token, docker } = pool;
    const { images } = platform;
    const healthy = await doctor(pool);
    expect(healthy.lines).toEqual([
      `✓ settings: the settings of stack ${stack.stack} are valid (1 pool)`,
      expect.stringMatching(/^✓ engine: Docker \S+ at unix:\S+, API 1\.\d+$/),
      expect.stringMatching(/^✓ swarm: \S+ is a manager, \d+ nodes? can run replicas$/),
      `✓ registry: ${gate.address} answers without TLS, login of user ${USER} accepted, push to ${gate.address}/e2e-doctor/gitlab-runner-pool allowed`,
      `✓ base image: ${images.base} is on the engine, ${images.node} is on the engine`,
      `✓ GitLab: ${gitlabUrl} answers, its version is unknown: GITLAB_TOKEN is not set`,
      "✓ token: GitLab accepts `token`",
      `✓ network: the pool creates ${stack.serviceName}, and Docker chooses its subnet`,
      expect.stringMatching(
        /^✓ node resources: the smallest of \d+ nodes? has \S+ GiB memory and \d+ CPUs?; the engine has \S+ GiB of free disk space$/,
      ),
      expect.stringMatching(
        /^✓ versions: Node\.js \S+, Pulumi 3\.\S+, engine API 1\.\d+, gitlab-runner 19\.4, GitLab unknown$/,
      ),
    ]);
    expect(healthy.exitCode).toBe(0);
    expect(await gitlab.managers({ runnerId })).toEqual([]);
    expect(await listImages(docker, gate.address)).toEqual([]);
    expect(gate.uploads).toHaveLength(1);
    await expectCancelled(gate);

    // With a token that may read it, GitLab's version is compared.
    const { token: reader } = await gitlab.createPersonalAccessToken({ scopes: ["read_api"] });
    const withVersion = await doctor(pool, { GITLAB_TOKEN: reader });
    expect(withVersion.lines).toContain(`✓ GitLab: ${gitlabUrl} answers, version 19.4.0-ee`);
    expect(withVersion.exitCode).toBe(0);

    const faults: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [
        { RUNNER_CI_TOKEN: "glrt-wrong-token-of-nobody" },
        "✗ token: GitLab rejects RUNNER_CI_TOKEN (`token`) (it is incomplete or of another GitLab, it expired or was reset, or its runner was deleted): compare it with the token that you were given, or reset the token on the runner's page in GitLab, or create a runner, and set RUNNER_CI_TOKEN (`token`) to the new token",
      ],
      [
        { REGISTRY_ADDRESS: CLOSED },
        `✗ registry: the registry ${CLOSED} cannot be reached (connect ECONNREFUSED ${CLOSED}): check \`registry.address\`, and whether the registry runs`,
      ],
      [
        { REGISTRY_PASSWORD: "wrong-password" },
        `✗ registry: ${gate.address} rejects the login of user ${USER}: correct \`registry.username\` and \`registry.password\``,
      ],
      [
        { RUNNER_CI_URL: `http://${platform.hostAddress}:${CLOSED_PORT}` },
        `✗ GitLab: nothing listens at http://${platform.hostAddress}:${CLOSED_PORT}: correct RUNNER_CI_URL (\`gitlabUrl\`), or start GitLab`,
      ],
      [
        { RUNNER_NETWORK: "no-such-network" },
        '✗ network: RUNNER_NETWORK (`network`): the swarm has no network "no-such-network": create it with `docker network create --driver overlay --attachable no-such-network`, or unset RUNNER_NETWORK (`network`) to have one created',
      ],
      [
        { DOCKER_HOST: `tcp://${CLOSED}` },
        `✗ engine: nothing listens at tcp://${CLOSED}: start the engine with that address, or correct DOCKER_HOST or the docker context`,
      ],
    ];
    for (const [env, line] of faults) {
      const { exitCode, lines, text } = await doctor(pool, env);
      expect(lines).toContain(line);
      expect(exitCode).toBe(1);
      expect(lines.filter((one) => one.startsWith("✗"))).toEqual([line]);
      for (const secret of [token, PASSWORD, "wrong-password", "glrt-wrong-token-of-nobody"]) {
        for (const encoded of listEncodings(secret)) expect(text).not.toContain(encoded);
      }
    }
    expect(await gitlab.managers({ runnerId })).toEqual([]);
    await expectCancelled(gate);
    expect(await listImages(docker, gate.address)).toEqual([]);
  });
});

/** Asks the registry for each upload that was started: it must not know any of them. */
async function expectCancelled({ uploads }: LoginGate): Promise<void> {
  const basic = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
  for (const upload of uploads) {
    const { status } = await fetch(upload, { headers: { authorization: `Basic ${basic}` } });
    expect(status).toBe(404);
  }
}

/** Lists the tags of images of one registry on the engine. */
async function listImages(docker: Docker, registry: string): Promise<readonly string[]> {
  const images = await docker.listImages({ all: true });
  return images
    .flatMap(({ RepoTags }) => (RepoTags as readonly string[] | null) ?? [])
    .filter((tag) => tag.startsWith(registry));
}

/** Runs the command in the folder of the stack, as a user does in a checkout. */
async function doctor(
  { stack, platform }: PoolFixture,
  env: Readonly<Record<string, string>> = {},
): Promise<{
  readonly exitCode: number;
  readonly lines: readonly string[];
  readonly text: string;
}> {
  const { exitCode, stdout, stderr } = await execa(
    "node",
    ["--import", "tsx", resolve(PROJECT, "tools/doctor/main.ts")],
    {
      cwd: stack.folder,
      env: {
        HOME: process.env["HOME"] ?? "/",
        ...stack.commandEnv,
        DOCKER_HOST: platform.dockerHost,
        ...env,
      },
      extendEnv: false,
      reject: false,
      timeout: 90_000,
    },
  );
  return { exitCode, lines: stdout.split("\n"), text: `${stdout}\n${stderr}` };
}
