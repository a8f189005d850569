import { describe, expect, it } from "@jest/globals";
import { makeEngineCertificates } from "../support/engine-certificates";
import { forwardTo, listenOnTcp } from "../support/engine-proxy";
import { createPool, managersSettle } from "../support/pool-fixture";

describe("a pool whose engine is on TCP", () => {
  it("reports why the engine is away, and runs jobs once it answers", async () => {
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

    await using engine = await listen(Number(new URL(host).port));
    await managersSettle(pool, 1, 60_000);
    await stack.mustUp();
    const job = await gitlab.enqueueJob({ script: ["echo done"], tags: ["docker"] });
    expect(await gitlab.waitForJob({ id: job.id, timeoutMs: 60_000 })).toMatchObject({
      status: "success",
    });
    expect(engine.accepted).toBeGreaterThan(2);

    const { Spec } = (await docker.getService(stack.serviceName).inspect()) as {
      readonly Spec: { readonly TaskTemplate: object };
    };
    expect(JSON.stringify(Spec.TaskTemplate)).not.toContain("docker.sock");
    const [, line = "no key"] = client.key.split("\n");
    expect(JSON.stringify(Spec)).not.toContain(line);
    await stack.expectNoChanges();
  });
});
