import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import { eventually } from "../support/eventually";
import { createPool, managersSettle } from "../support/pool-fixture";
import { listContainers, listTasks } from "../support/swarm";

describe("a pool with the docker executor", () => {
  it("comes online, runs a job, scales by one property, refreshes without a change, and is destroyed", async () => {
    await using pool = await createPool();
    const { stack, gitlab, docker, platform } = pool;

    await stack.mustUp();
    const before = await managersSettle(pool, 2);
    expect(before.map(({ status }) => status)).toEqual(["online", "online"]);
    await stack.expectNoChanges();

    const job = await gitlab.enqueueJob({
      script: ["echo job runs in $(cat /proc/1/comm)", "hostname > name.txt"],
      image: platform.images.job,
      tags: ["docker"],
      artifacts: [{ paths: ["name.txt"] }],
    });
    const done = await gitlab.waitForJob({ id: job.id, timeoutMs: 60_000 });
    expect(done.status).toBe("success");
    expect(done.artifacts).toHaveLength(1);
    const trace = await gitlab.trace({ id: job.id });
    expect(trace).toContain("job runs in");
    expect(trace).toContain("Job succeeded");

    const staying = (await listTasks(docker, stack.serviceName)).map(({ id }) => id);
    await stack.configure({ replicas: 4 });
    const changes = await stack.changes();
    expect(changes.map(({ op, urn }) => [op, urn.split("::")[2]?.split("$").at(-1)])).toEqual([
      ["update", "docker:index/service:Service"],
    ]);
    expect(Object.keys(changes[0]?.detailedDiff ?? {})).toEqual(["mode.replicated.replicas"]);
    await stack.mustUp();
    // `up` returns when the replicas are online, so this needs no wait.
    expect(await gitlab.managers({ runnerId: pool.runnerId })).toHaveLength(4);
    const tasks = (await listTasks(docker, stack.serviceName)).filter(
      ({ desiredState }) => desiredState === "running",
    );
    expect(tasks.map(({ id }) => id)).toEqual(expect.arrayContaining(staying));

    await stack.expectNoChanges();
    await stack.refresh();
    await stack.expectNoChanges();

    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    const left = await managersSettle(pool, 1);
    expect(before.map(({ systemId }) => systemId)).toContain(left[0]?.systemId);

    await stack.destroy();
    await managersSettle(pool, 0);
    expect(await listContainers(docker, stack.serviceName)).toEqual([]);
    expect(await listObjects(docker, stack.stack)).toEqual([]);
  });

  it("has useful outputs without secrets", async () => {
    await using pool = await createPool({ settings: { replicas: 1 } });
    await pool.stack.mustUp();
    const outputs = JSON.stringify(await pool.stack.outputs());
    expect(outputs).toContain(pool.stack.serviceName);
    expect(outputs).toMatch(/@sha256:[0-9a-f]{64}/);
    expect(outputs).toContain(pool.gitlabUrl);
    expect(outputs).not.toContain(pool.token);
    await eventually(
      async () => (await pool.gitlab.managers({ runnerId: pool.runnerId })).length === 1,
      { what: "one manager", timeoutMs: 1 },
    );
  });
});

/** Lists the swarm objects whose names contain the stack's name. */
async function listObjects(docker: Docker, stack: string): Promise<string[]> {
  const [services, secrets, configs, networks] = await Promise.all([
    docker.listServices(),
    docker.listSecrets(),
    docker.listConfigs(),
    docker.listNetworks(),
  ]);
  return [
    ...services.map(({ Spec }) => Spec?.Name ?? ""),
    ...secrets.map(({ Spec }) => Spec?.Name ?? ""),
    ...configs.map(({ Spec }) => Spec?.Name ?? ""),
    ...networks.map(({ Name }) => Name),
  ].filter((name) => name.includes(stack));
}
