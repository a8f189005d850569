import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createPool, managersSettle } from "../support/pool-fixture";
import { listContainers } from "../support/swarm";

describe("invalid settings", () => {
  it("are all reported at once before anything is created, and a corrected up succeeds", async () => {
    await using pool = await createPool({
      settings: {
        replicas: -1,
        gitlabUrl: "gitlab.example.com",
        concurrent: 0,
        runnerScope: "all",
      },
    });
    const { stack, docker } = pool;
    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    for (const part of [
      "replicas",
      "-1",
      "gitlabUrl",
      "gitlab.example.com",
      "concurrent",
      "runnerScope",
      "all",
    ]) {
      expect(failed.output).toContain(part);
    }
    expect(failed.output).not.toContain(pool.token);
    expect(failed.output).not.toMatch(/\n\s+at /);
    await expect(docker.getService(stack.serviceName).inspect()).rejects.toThrow("not found");

    await stack.configure({
      replicas: 1,
      gitlabUrl: pool.gitlabUrl,
      concurrent: undefined,
      runnerScope: undefined,
    });
    await stack.mustUp();
    await managersSettle(pool, 1, 1_000);
  });
});

describe("a pool without a working GitLab", () => {
  it("previews while GitLab is down; up reports why replicas wait, and they come online later", async () => {
    await using pool = await createPool({ settings: { replicas: 1, onlineTimeout: "15s" } });
    const { stack, gitlab } = pool;
    const { id } = await gitlab.addFault({ action: { kind: "reset" } });
    await stack.diff();
    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("0 of 1");
    expect(failed.output).toMatch(/reset|socket hang up|ECONNRESET/);
    await gitlab.clearFaults({ id });
    await managersSettle(pool, 1, 60_000);
    await stack.mustUp();
    await stack.expectNoChanges();
  });

  it("quotes GitLab's refusal of a token, keeps the old replicas working, and recovers with a valid token", async () => {
    await using pool = await createPool({ settings: { replicas: 1, onlineTimeout: "60s" } });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    const before = (await managersSettle(pool, 1)).map(({ systemId }) => systemId);
    const [living] = await listContainers(docker, stack.serviceName);

    await stack.configure({ token: "glrt-0123456789abcdefghij" });
    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("403 Forbidden");
    expect(failed.ms).toBeLessThan(60_000);
    const job = await gitlab.enqueueJob({ script: ["echo still here"], tags: ["docker"] });
    const done = await gitlab.waitForJob({ id: job.id, timeoutMs: 60_000 });
    expect(done).toMatchObject({ status: "success", systemId: before[0] });
    expect((await listContainers(docker, stack.serviceName)).map(({ Id }) => Id)).toContain(
      living?.Id,
    );

    await stack.configure({ token: pool.token });
    await stack.mustUp();
    await managersSettle(pool, 1, 90_000);
    await stack.expectNoChanges();
  });
});

describe("a pool whose test job fails", () => {
  it("reports the error of gitlab-runner, even while the replica delays its exit", async () => {
    const jobImage = "127.0.0.1:5000/none/none:1";
    await using pool = await createPool({
      settings: { replicas: 1, onlineTimeout: "20s", bootVerify: true, jobImage },
    });
    const failed = await pool.stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("replica 1: gitlab-runner exited unexpectedly (code 1)\n");
    expect(failed.output).toMatch(/ERROR: .* boot-verify failed: .* failed to pull image .*none:1/);
  });
});

describe("a program that cannot build or push", () => {
  it("reports an unreachable registry in one sentence", async () => {
    await using pool = await createPool({ settings: { registry: { address: "127.0.0.1:9" } } });
    const failed = await pool.stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toMatch(/registry 127\.0\.0\.1:9 /);
    expect(failed.output).not.toMatch(/\n\s+at /);
  });

  it("reports an unreachable engine in one sentence", async () => {
    await using pool = await createPool();
    pool.stack.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
    const failed = await pool.stack.up();
    delete pool.stack.env["DOCKER_HOST"];
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("unix:///nowhere/docker.sock");
    expect(failed.output).not.toMatch(/\n\s+at /);
  });

  it.each(["Dockerfile", "src/main.ts"])("names the missing %s", async (file) => {
    await using pool = await createPool();
    const path = join(pool.stack.folder, "runner-image", file);
    await rename(path, `${path}.away`);
    const failed = await pool.stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain(`runner-image/${file}`);
    expect(failed.output).not.toMatch(/\n\s+at /);
    await rename(`${path}.away`, path);
  });
});
