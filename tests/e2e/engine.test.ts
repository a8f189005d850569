import { describe, expect, it } from "@jest/globals";
import { makeEngineCertificates } from "../support/engine-certificates";
import { forwardTo, listenOnTcp } from "../support/engine-proxy";
import { eventually } from "../support/eventually";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { runTool } from "../support/run-tool";

/** Waits until `npm run status` matches a pattern. @returns its exit code */
async function seeStatus(pool: PoolFixture, pattern: RegExp, timeoutMs: number): Promise<number> {
  const { gitlab, platform, stack } = pool;
  const { token } = await gitlab.createPersonalAccessToken({ scopes: ["read_api"] });
  const env = { GITLAB_TOKEN: token, DOCKER_HOST: platform.dockerHost };
  return eventually(
    async () => {
      const { exitCode, stdout, stderr } = await runTool("status", [stack.serviceName], env);
      if (!pattern.test(stdout)) throw new Error(stdout + stderr);
      return { exitCode };
    },
    { what: `the status to show ${String(pattern)}`, timeoutMs },
  ).then(({ exitCode }) => exitCode);
}

describe("a pool whose engine is on TCP", () => {
  it("reports why the engine is away, and runs jobs whenever it answers", async () => {
    await using pool = await createPool({ settings: { replicas: 1, onlineTimeout: "15s" } });
    const { stack, platform, docker, gitlab } = pool;
    const { ca, server, client } = await makeEngineCertificates(platform.hostAddress);
    const tls = { ca, ...server, requestCert: true, rejectUnauthorized: true };
    const listen = (port?: number) =>
      listenOnTcp(
        platform.hostAddress,
        forwardTo(platform.dockerHost.slice("unix://".length)),
        tls,
        port,
      );
    const before = await listen();
    const { host } = before;
    await before[Symbol.asyncDispose]();
    await stack.configure({
      "docker.host": host,
      "docker.hostCa": ca,
      "docker.hostCert": client.cert,
      "docker.hostKey": client.key,
    });

    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("0 of 1");
    expect(failed.output).toContain(
      `waiting: the Docker engine at ${host} cannot run jobs: the connection was refused`,
    );
    expect(await gitlab.managers({})).toEqual([]);

    const port = Number(new URL(host).port);
    const enqueue = () => gitlab.enqueueJob({ script: ["echo done"], tags: ["docker"] });
    {
      await using engine = await listen(port);
      await managersSettle(pool, 1, 60_000);
      await stack.mustUp();
      const { id } = await enqueue();
      expect(await gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({
        status: "success",
      });
      expect(engine.accepted).toBeGreaterThan(2);
    }

    // The engine is away again. The replica finds out by a failed job, within half a minute.
    const lost = await enqueue();
    expect(await gitlab.waitForJob({ id: lost.id, timeoutMs: 60_000 })).toMatchObject({
      status: "failed",
      failureReason: "runner_system_failure",
    });
    const waiting = new RegExp(`waiting: the Docker engine at ${host} cannot run jobs: `);
    expect(await seeStatus(pool, waiting, 60_000)).toBe(1);
    const { id } = await enqueue();
    await using engine = await listen(port);
    expect(await gitlab.waitForJob({ id, timeoutMs: 120_000 })).toMatchObject({
      status: "success",
    });
    expect(engine.accepted).toBeGreaterThan(2);
    expect(await seeStatus(pool, / idle /, 60_000)).toBe(0);
    expect(await managersSettle(pool, 1)).toHaveLength(1);

    const { Spec } = (await docker.getService(stack.serviceName).inspect()) as {
      readonly Spec: { readonly TaskTemplate: object };
    };
    expect(JSON.stringify(Spec.TaskTemplate)).not.toContain("docker.sock");
    const [, line = "no key"] = client.key.split("\n");
    expect(JSON.stringify(Spec)).not.toContain(line);
    await stack.expectNoChanges();
  });
});
