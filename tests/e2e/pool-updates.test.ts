import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createPool, managersSettle } from "../support/pool-fixture";
import { eventually } from "../support/eventually";
import { readImage, listTasks } from "../support/swarm";
import type { PreviewStep } from "../../dev/pulumi/pool-stack";

/** Operation and type of each step, sorted. */
const summary = (steps: readonly PreviewStep[]): string[] =>
  steps.map(({ op, urn }) => `${op} ${urn.split("::")[2]?.split("$").at(-1) ?? ""}`).sort();

describe("an update", () => {
  it("only pushes a new tag and replaces the replicas if a file of the image changes", async () => {
    await using pool = await createPool();
    const { stack, docker } = pool;
    await stack.mustUp();
    const before = await readImage(docker, stack.serviceName);
    const old = (await managersSettle(pool, 2)).map(({ systemId }) => systemId);

    await appendFile(join(stack.folder, "runner-image/entrypoint.sh"), "# another last line\n");
    expect(summary(await stack.changes())).toEqual([
      "replace docker:index/registryImage:RegistryImage",
      "replace docker:index/remoteImage:RemoteImage",
      "update docker:index/service:Service",
    ]);
    await stack.mustUp();

    expect(await readImage(docker, stack.serviceName)).not.toBe(before);
    // Swarm stops the old replicas once the new ones are healthy.
    const fresh = await eventually(
      async () => {
        const ids = (await pool.gitlab.managers({ runnerId: pool.runnerId })).map(
          ({ systemId }) => systemId,
        );
        return ids.length === 2 && !ids.some((id) => old.includes(id)) && ids;
      },
      { what: "two new managers and no old one", timeoutMs: 90_000 },
    );
    expect(new Set(fresh).size).toBe(2);
    const running = (await listTasks(docker, stack.serviceName)).filter(
      ({ desiredState }) => desiredState === "running",
    );
    expect(running).toHaveLength(2);
    await stack.expectNoChanges();
  });

  it("creates an ID and a secret, updates the service once, and deletes the old secret last if the token changes", async () => {
    await using pool = await createPool();
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    const second = await gitlab.createRunner({ tags: ["docker"], runUntagged: true });
    await stack.configure({ token: second.token });

    expect(summary(await stack.changes())).toEqual([
      "replace docker:index/secret:Secret",
      "replace random:index/randomId:RandomId",
      "update docker:index/service:Service",
    ]);
    const { output } = await stack.mustUp();
    expect(output).not.toContain(second.token);
    const moved = output.search(/docker:index:Service default-service updated/);
    const deleted = output.search(/docker:index:Secret default-token delet/);
    expect(moved).toBeGreaterThan(0);
    expect(deleted).toBeGreaterThan(moved);
    await managersSettle({ gitlab, runnerId: second.id }, 2, 5_000);
    await managersSettle(pool, 0, 90_000);

    const secrets = (await docker.listSecrets()).filter(({ Spec }) =>
      Spec?.Name?.includes(stack.stack),
    );
    expect(secrets).toHaveLength(1);
    await stack.expectNoChanges();
    expect(await stack.state()).not.toContain(second.token);
  });
});
