import { describe, expect, it } from "@jest/globals";
import { getSystemId } from "../../contract/identity";
import { formatRegistrationNote } from "../../contract/registration-note";
import { eventually } from "../support/eventually";
import {
  createPool,
  localSettings,
  managersSettle,
  type PoolFixture,
} from "../support/pool-fixture";
import { PoolStack } from "../../dev/pulumi/pool-stack";
import { replicaLines } from "../support/replica-lines";
import { runTool } from "../support/run-tool";
import { listContainers } from "../support/swarm";

const SHELL = { executor: "shell", docker: undefined };

/** Treats everything in GitLab as silent, so only an owner protects it. */
const AT_ONCE = ["--silence", "0s"];

const NOTHING_LEFT = expect.stringContaining("  nothing is stale");

describe("npm run reap", () => {
  it("removes only the managers of killed replicas of the pool", async () => {
    await using pool = await createPool({ settings: SHELL });
    const { stack, platform, token, runnerId } = pool;
    await using other = await PoolStack.create({
      platform,
      config: { ...localSettings(platform, pool.gitlabUrl), ...SHELL, token, replicas: 1 },
    });
    await Promise.all([stack.mustUp(), other.mustUp()]);
    await callGitlab(pool, "/runners/verify", { token, system_id: "s_personsown00" });
    const before = await systemIds(pool);
    expect(before).toHaveLength(4);
    const [ghost = ""] = await killLeaving(pool, 1, () => scaleToOne(pool));
    expect(await systemIds(pool)).toEqual(before);

    const env = { ...stack.commandEnv, ...(await envOf(pool)) };
    const reap = (...flags: readonly string[]) =>
      runTool("reap", [stack.serviceName, ...flags], env);
    expect(await reap("--yes")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(new RegExp(`kept: manager ${ghost} .* its last contact was`)),
    });
    const dry = await reap(...AT_ONCE);
    expect(dry.exitCode).toBe(1);
    expect(dry.stdout.split("\n")).toEqual([
      `${stack.serviceName}:`,
      expect.stringContaining(`  stale: manager ${ghost} of runner ${runnerId}, last contact`),
      "  dry run, nothing was deleted; --yes deletes 1",
    ]);
    expect(await systemIds(pool)).toEqual(before);

    expect(await reap(...AT_ONCE, "--yes")).toMatchObject({ exitCode: 0 });
    expect(await systemIds(pool)).toEqual(before.filter((id) => id !== ghost));
    expect(await reap(...AT_ONCE, "--yes")).toMatchObject({ exitCode: 0, stdout: NOTHING_LEFT });
  });

  it("removes the managers of a pool whose service was deleted", async () => {
    await using pool = await createPool({ settings: { ...SHELL, replicas: 2 } });
    const { gitlabUrl, stack, docker, token } = pool;
    await stack.mustUp();
    await managersSettle(pool, 2);
    const killed = await killLeaving(pool, 2, () => docker.getService(stack.serviceName).remove());
    await stack.refresh();
    expect(await systemIds(pool)).toEqual([...killed].sort());

    const env = await envOf(pool);
    const args = [stack.serviceName, ...AT_ONCE, "--yes"];
    expect(await runTool("reap", args, { DOCKER_HOST: env["DOCKER_HOST"] ?? "" })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("GITLAB_TOKEN"),
    });
    expect(await runTool("reap", args, env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--gitlab-url"),
    });
    const gone = [...args, "--gitlab-url", gitlabUrl];
    expect(await runTool("reap", gone, env)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("deleting it takes the authentication token of runner"),
    });
    expect(await systemIds(pool)).toHaveLength(2);
    const result = await runTool("reap", gone, { ...env, RUNNER_CI_TOKEN: token });
    expect(result.exitCode).toBe(0);
    expect(result.stdout + result.stderr).not.toContain(token);
    expect(await systemIds(pool)).toEqual([]);
  });

  it("removes the runners that killed replicas registered with a registration token", async () => {
    await using pool = await createPool({
      withoutToken: true,
      switches: { registrationAllowed: true },
      settings: SHELL,
    });
    const { gitlab, stack } = pool;
    const { token } = await gitlab.registrationToken({});
    await stack.configure({ token });
    await stack.mustUp();
    await gitlab.createRunner({ description: "gitlab-runner-9" });
    await registerReplica(pool, token, "gitlab-runner-1", "other-pool/1");
    const renamed = await registerReplica(pool, token, "name-of-before-1", stack.serviceName);
    const before = await runnerIds(pool);
    const [killed] = await killLeaving(pool, 1, () => scaleToOne(pool));
    const ghost = (await gitlab.managers({})).find(({ systemId }) => systemId === killed);

    const env = await envOf(pool);
    const reap = (...flags: readonly string[]) =>
      runTool("reap", [stack.serviceName, ...AT_ONCE, ...flags], env);
    const dry = await reap();
    expect(dry.exitCode).toBe(1);
    const dead = [ghost?.runnerId, renamed];
    for (const id of dead) expect(dry.stdout).toContain(`stale: runner ${id ?? 0} of replica`);
    expect(await runnerIds(pool)).toEqual(before);
    expect(await reap("--yes")).toMatchObject({ exitCode: 0 });
    expect(await runnerIds(pool)).toEqual(before.filter((id) => !dead.includes(id)));
    expect(await reap("--yes")).toMatchObject({ exitCode: 0, stdout: NOTHING_LEFT });
  });
});

async function scaleToOne({ stack }: PoolFixture): Promise<void> {
  await stack.configure({ replicas: 1 });
  await stack.mustUp();
}

/**
 * Kills replicas while they try to deregister: GitLab responds with 502 until they are dead.
 * @param count how many replicas `stop` stops
 * @returns the system IDs that they leave behind
 */
async function killLeaving(
  { gitlab, docker, stack }: PoolFixture,
  count: number,
  stop: () => Promise<unknown>,
): Promise<readonly string[]> {
  await gitlab.addFault({ endpoint: "DELETE /runners*", action: { kind: "status", status: 502 } });
  await stop();
  const leaving = await eventually(
    async () => {
      const containers = await listContainers(docker, stack.serviceName);
      const logs = await Promise.all(
        containers.map(async ({ Id: id }) => ({ id, lines: await replicaLines(docker, id)() })),
      );
      const draining = logs.filter(({ lines }) => lines.some(({ state }) => state === "draining"));
      return draining.length === count && draining;
    },
    { what: `${count} replicas that leave`, timeoutMs: 60_000 },
  );
  for (const { id } of leaving) await docker.getContainer(id).kill({ signal: "SIGKILL" });
  await gitlab.clearFaults({});
  return leaving.flatMap(({ lines }) =>
    lines.flatMap(({ message }) => /^accepts jobs as manager (\S+)/.exec(message)?.[1] ?? []),
  );
}

/**
 * Registers a runner as a replica of a pool does.
 * @returns the runner's ID
 */
async function registerReplica(
  fixture: PoolFixture,
  token: string,
  description: string,
  pool: string,
): Promise<number> {
  const systemId = getSystemId({ pool, node: "", slot: "1", place: "earlier" });
  const note = formatRegistrationNote(systemId);
  const body = { token, description, maintenance_note: note };
  const runner = (await callGitlab(fixture, "/runners", body)) as { id: number; token: string };
  await callGitlab(fixture, "/runners/verify", { token: runner.token, system_id: systemId });
  return runner.id;
}

/** A request that any process with a token may send. */
async function callGitlab({ gitlab }: PoolFixture, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${gitlab.url}/api/v4${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path}: GitLab answered ${answer.status}`);
  return answer.json();
}

async function envOf({ gitlab, platform }: PoolFixture): Promise<Record<string, string>> {
  const { token } = await gitlab.createPersonalAccessToken({ scopes: ["api"] });
  return { GITLAB_TOKEN: token, DOCKER_HOST: platform.dockerHost };
}

async function systemIds({ gitlab }: PoolFixture): Promise<readonly string[]> {
  return (await gitlab.managers({})).map(({ systemId }) => systemId).sort();
}

async function runnerIds({ gitlab }: PoolFixture): Promise<readonly number[]> {
  return (await gitlab.runners({})).map(({ id }) => id).sort();
}
