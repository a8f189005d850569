import { describe, expect, it } from "@jest/globals";
import { createPool } from "../support/pool-fixture";

const CONSTRAINTS = ["node.role==manager", "node.platform.os==linux"];

describe("a pool that is created with settings for its nodes", () => {
  it("gets exactly these, and shows no difference before and after a refresh", async () => {
    await using pool = await createPool({
      settings: {
        ...{ executor: "shell", docker: undefined, replicas: 1 },
        placement: { constraints: CONSTRAINTS, maxPerNode: 2, platforms: ["linux/amd64"] },
        resources: {
          limits: { memory: "512m", cpus: 0.5 },
          reservations: { memory: "64m", cpus: 0.1 },
        },
      },
    });
    const { stack, docker } = pool;
    await stack.mustUp();
    await stack.expectNoChanges();
    await stack.expectNoChangesAfterRefresh();

    const containers = await docker.listContainers({
      filters: { label: [`com.docker.swarm.service.name=${stack.serviceName}`] },
    });
    const limits = await Promise.all(
      containers.map(async ({ Id }) => (await docker.getContainer(Id).inspect()).HostConfig),
    );
    // What the kernel enforces.
    expect(limits.map(({ Memory, NanoCpus }) => [Memory, NanoCpus])).toEqual([
      [512 * 1024 ** 2, 500_000_000],
    ]);

    await stack.configure({ placement: undefined, resources: undefined });
    await stack.configure({
      placement: { constraints: CONSTRAINTS.slice(0, 1) },
      resources: { limits: { memory: "256m" } },
    });
    await stack.mustUp();
    await stack.expectNoChanges();
    await stack.expectNoChangesAfterRefresh();

    await stack.configure({ placement: undefined, resources: undefined });
    await stack.mustUp();
    await stack.expectNoChanges();
    await stack.expectNoChangesAfterRefresh();
    const service = (await docker.getService(stack.serviceName).inspect()) as {
      readonly Spec: { readonly TaskTemplate: Readonly<Record<string, unknown>> };
    };
    expect(JSON.stringify(service.Spec.TaskTemplate["Placement"])).not.toContain("node.role");
    expect(JSON.stringify(service.Spec.TaskTemplate["Resources"])).not.toMatch(/[1-9]/);
  });
});
