import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import {
  createPool,
  localSettings,
  managersSettle,
  type PoolFixture,
} from "../support/pool-fixture";
import { PoolStack } from "../../dev/pulumi/pool-stack";

const REMEDY = "run `pulumi refresh`, then `pulumi up`";

/**
 * How long an update may take that fails at once, even on a busy machine. `onlineTimeout` is far
 * longer.
 */
const AT_ONCE_MS = 30_000;

describe("a manual change of a pool's service", () => {
  it("fails an update at once with the command that undoes it, and the command works", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, onlineTimeout: "2m" },
    });
    const { stack, docker } = pool;
    await stack.mustUp();

    await change(docker, stack.serviceName, { replicas: 1 });
    await expectReported(stack, "the service has 1 replica, the stack specifies 2");
    await stack.refresh();
    await stack.mustUp();
    await managersSettle(pool, 2);

    await change(docker, stack.serviceName, { replicas: 3 });
    const { output } = await stack.mustUp();
    expect(output).toContain("the service has 3 replicas, the stack specifies 2");

    await change(docker, stack.serviceName, { replicas: 2, container: LOOSENED });
    await expectReported(
      stack,
      "stop grace period: the service has 10s, the stack specifies 3m",
      "added capabilities: the service has KILL, NET_ADMIN, SETGID, SETUID, the stack specifies KILL, SETGID, SETUID",
    );
    await stack.refresh();
    await stack.mustUp();

    await expectNamesakeRefused(pool);

    await docker.getService(stack.serviceName).remove();
    await expectReported(stack, `service ${stack.serviceName} was deleted outside this stack`);
    const preview = await stack.pulumi(["preview"]);
    expect(preview.exitCode).not.toBe(0);
    expect(preview.output).toContain(`service ${stack.serviceName} was deleted outside this stack`);
    await stack.refresh();
    await stack.mustUp();
    await stack.expectNoChanges();
  });
});

async function expectReported(stack: PoolStack, ...messages: readonly string[]): Promise<void> {
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  for (const message of messages) expect(failed.output).toContain(message);
  expect(failed.output).toContain(REMEDY);
  expect(failed.output).not.toMatch(/\n\s+at /);
  expect(failed.ms).toBeLessThan(AT_ONCE_MS);
}

/** A stack of the same name in another backend, as on another laptop, must not take the service. */
async function expectNamesakeRefused(pool: PoolFixture): Promise<void> {
  const { platform, stack, gitlab, gitlabUrl, token } = pool;
  const config = { ...localSettings(platform, gitlabUrl), token };
  await using namesake = await PoolStack.create({ platform, name: stack.stack, config });
  const before = (await gitlab.runners({})).length;
  const failed = await namesake.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toContain(
    `the swarm has a service ${stack.serviceName} that does not belong to this stack`,
  );
  expect(await namesake.state()).not.toContain("docker:index/secret:Secret");
  expect(await gitlab.runners({})).toHaveLength(before);
}

interface Spec {
  readonly TaskTemplate: { readonly ContainerSpec: object };
}

interface Change {
  readonly replicas: number;
  readonly container?: object;
}

/** As Docker's command line writes it: in any order, and with `CAP_`. */
const LOOSENED = {
  StopGracePeriod: 10e9,
  CapabilityAdd: ["CAP_SETUID", "CAP_KILL", "CAP_NET_ADMIN", "CAP_SETGID"],
};

/** Changes a service through Docker's API, as `docker service update` does. */
async function change(
  docker: Docker,
  name: string,
  { replicas, container }: Change,
): Promise<void> {
  const service = docker.getService(name);
  const { Version, Spec } = (await service.inspect()) as {
    readonly Version: { readonly Index: number };
    readonly Spec: Spec;
  };
  await service.update({
    version: Version.Index,
    ...Spec,
    Mode: { Replicated: { Replicas: replicas } },
    TaskTemplate: {
      ...Spec.TaskTemplate,
      ContainerSpec: { ...Spec.TaskTemplate.ContainerSpec, ...container },
    },
  });
}
