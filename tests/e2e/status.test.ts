import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { endJobs, ENDLESS, fillRunners } from "../support/jobs";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { replicaLines } from "../support/replica-lines";
import { runTool, ToolInTerminal } from "../support/run-tool";
import { readImage, listTasks, type SwarmTask } from "../support/swarm";

const MONTH = 30 * 86_400;

describe("npm run status", () => {
  it("shows each replica from registration to exit", async () => {
    await using pool = await createStatusPool();
    const { gitlab, stack, docker } = pool;
    await gitlab.addFault({ endpoint: "POST /runners/verify", action: { kind: "hang" } });
    const up = stack.mustUp();
    try {
      const registering = await seeStatus(pool, /(?:^\d .*registering.*\n){2}/m);
      expect(registering).toMatchObject({ exitCode: 1 });
    } finally {
      await gitlab.clearFaults({});
      await up;
    }

    const [first] = await fillRunners(gitlab, 1, { script: ENDLESS });
    const { exitCode, stdout } = await seeStatus(
      pool,
      /^runner token expires at 20\d\d-\d\d-\d\dT/m,
    );
    const expected = await expectedRows(pool, (systemId) =>
      systemId === first?.systemId ? `running job ${first.id}` : "idle",
    );
    expect(rowsOf(stdout)).toEqual(expected);
    expect(exitCode).toBe(0);
    const env = { ...(await envOf(pool)), GITLAB_TOKEN: "" };
    expect(await runTool("status", [stack.serviceName], env)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining("GitLab data unavailable"),
    });

    await fillRunners(gitlab, 1, { script: ENDLESS });
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    const draining = await seeStatus(pool, /draining since 20.* UTC, running job \d+/);
    expect(draining.exitCode).toBe(0);
    expect(rowsOf(draining.stdout)).toHaveLength(2);
    await endJobs(docker, stack.serviceName);
    await eventually(async () => (await listTasks(docker, stack.serviceName)).length === 1, {
      what: "the second replica to go",
      timeoutMs: 30_000,
    });
    const { stdout: json } = await seeStatus(pool, /"kind": "idle"/, "--json");
    expect(JSON.parse(json)).toMatchObject({
      pools: [{ service: stack.serviceName, desired: 1, replicas: [{}], problems: [] }],
    });
  });

  it("exits 1 if Docker and GitLab disagree, in either direction", async () => {
    await using pool = await createStatusPool({ replicas: 1 });
    const { gitlab, stack, docker, runnerId } = pool;
    await stack.mustUp();
    const [job] = await fillRunners(gitlab, 1, { script: ENDLESS });
    const [old] = await listTasks(docker, stack.serviceName);
    // A replica that is killed while it drains leaves a stale manager, and no task replaces it.
    await stack.configure({ replicas: 0 });
    await stack.mustUp();
    await seeStatus(pool, /draining/);
    await docker.getContainer(old?.containerId ?? "").kill({ signal: "SIGKILL" });
    const ghost = await seeStatus(pool, /stale manager, running job \d+, last contact 20.* UTC/);
    expect(rowsOf(ghost.stdout)).toEqual([
      ["-", "-", expect.stringContaining("stale manager"), job?.systemId, "-", String(runnerId)],
    ]);
    expect(ghost.stdout).toContain("problem: stale manager ");
    expect(ghost.exitCode).toBe(1);

    await gitlab.deleteManager({ runnerId, systemId: job?.systemId ?? "" });
    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    expect(await seeStatus(pool, /idle/)).toMatchObject({ exitCode: 0 });
    await gitlab.deleteRunner({ runnerId });
    const unknown = await runTool("status", [stack.serviceName], await envOf(pool));
    expect(rowsOf(unknown.stdout)).toEqual([
      ["1", expect.any(String), "online", expect.any(String), expect.any(String), "not in GitLab"],
    ]);
    expect(unknown.stdout).toMatch(/^problem: replica 1 \(\S+\) is not in GitLab$/m);
    expect(unknown.exitCode).toBe(1);
  });

  it("refreshes with --watch in a terminal until Ctrl-C, but not without a terminal", async () => {
    await using pool = await createStatusPool({ replicas: 1 });
    const { gitlab, stack, docker } = pool;
    const env = await envOf(pool);
    const args = [stack.serviceName, "--watch"];
    expect(await runTool("status", args, env)).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("--watch needs a terminal"),
    });
    await stack.mustUp();

    using terminal = ToolInTerminal.start("status", args, env, 100);
    await terminal.see(/^1 .* idle /m, 20_000);
    const [job] = await fillRunners(gitlab, 1, { script: ENDLESS });
    await terminal.see(new RegExp(`^1 .* running job ${job?.id ?? 0} `, "m"), 10_000);
    expect(terminal.screen).not.toContain("idle");
    for (const line of terminal.screen.split("\r\n").slice(1, 3)) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
    const { last } = await gitlab.events({});
    await gitlab.addFault({ endpoint: "* /runners/*", action: { kind: "hang" } });
    try {
      const what = "a question of the status to GitLab that hangs";
      await gitlab.waitForEvent(({ kind }) => kind === "held", {
        what,
        after: last,
        timeoutMs: 20_000,
      });
      expect(await terminal.pressCtrlC(5_000)).toBe(0);
    } finally {
      await gitlab.clearFaults({});
    }
    expect(terminal.written).not.toMatch(/error|warn/i);
    await endJobs(docker, stack.serviceName);
  });
});

function createStatusPool(settings: Readonly<Record<string, unknown>> = {}): Promise<PoolFixture> {
  return createPool({
    settings: { executor: "shell", docker: undefined, drainTimeout: "30s", ...settings },
    switches: { runnerTokenLifeSeconds: MONTH },
  });
}

async function envOf({ gitlab, platform }: PoolFixture): Promise<Record<string, string>> {
  const { token } = await gitlab.createPersonalAccessToken({ scopes: ["read_api"] });
  return { GITLAB_TOKEN: token, DOCKER_HOST: platform.dockerHost };
}

/** Waits until the status matches a pattern. */
async function seeStatus(pool: PoolFixture, pattern: RegExp, ...flags: readonly string[]) {
  const env = await envOf(pool);
  return eventually(
    async () => {
      const result = await runTool("status", [pool.stack.serviceName, ...flags], env);
      if (!pattern.test(result.stdout)) throw new Error(result.stdout + result.stderr);
      return result;
    },
    { what: `the status to show ${String(pattern)}`, timeoutMs: 60_000 },
  );
}

/** Splits the table's rows into cells, which two or more spaces separate. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  return lines
    .slice(lines.findIndex((line) => line.startsWith("SLOT")) + 1)
    .filter((line) => /^[\d-]+ /.test(line))
    .map((line) => line.split(/ {2,}/));
}

/** The expected table, from Docker's API and the replicas' logs. */
async function expectedRows(
  { docker, stack, runnerId }: PoolFixture,
  stateOf: (systemId: string) => string,
): Promise<readonly (readonly string[])[]> {
  const { Name: node } = (await docker.info()) as { readonly Name: string };
  const tag = /:([^:@]+)@/.exec(await readImage(docker, stack.serviceName))?.[1] ?? "";
  const tasks = await listTasks(docker, stack.serviceName);
  return Promise.all(
    tasks.map(async (task) => {
      const systemId = await systemIdOf(docker, task);
      return [String(task.slot), node, stateOf(systemId), systemId, tag, String(runnerId)];
    }),
  );
}

async function systemIdOf(docker: PoolFixture["docker"], task: SwarmTask): Promise<string> {
  const lines = await replicaLines(docker, task.containerId ?? "")();
  const online = lines.find(({ state }) => state === "online")?.message ?? "";
  return /manager (\S+)/.exec(online)?.[1] ?? "";
}
