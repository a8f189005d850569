import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../fake-gitlab";
import { createLegacy } from "../support/legacy-replicas";

const newVolume = () => mkdtempSync(join(tmpdir(), "replica-"));

describe("a replica with a registration token", () => {
  it.concurrent("registers its own runner, and deletes it when it stops", async () => {
    await using legacy = await createLegacy();
    const replica = await legacy.start();
    await replica.waitForState("online");
    const [runner] = legacy.registered();
    expect(replica.log()).toContain(`system ID ${runner?.systemId ?? "none"}`);
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(legacy.registered()).toEqual([]);
    expect(replica.log()).toContain(`deregistered: runner ${runner?.id ?? 0}\n`);
  });

  it.concurrent(
    "reuses, and later deletes, the runner that a killed replica recorded on the volume",
    async () => {
      await using legacy = await createLegacy();
      const folder = newVolume();
      const killed = await legacy.start({ folder });
      await killed.waitForState("online");
      const [runner] = legacy.registered();
      await killed.killAll();
      const successor = await legacy.start({ folder });
      expect(await successor.waitForState("online")).toContain(` of runner ${runner?.id ?? 0}`);

      expect(legacy.registered()).toEqual([runner]);
      successor.stop();
      expect((await successor.exit()).code).toBe(EXIT.ok);
      expect(legacy.registered()).toEqual([]);
    },
  );

  it.concurrent("registers a new runner if GitLab no longer has the killed replica's", async () => {
    await using legacy = await createLegacy();
    const folder = newVolume();
    const killed = await legacy.start({ folder });
    await killed.waitForState("online");
    await killed.killAll();
    const [runner] = legacy.registered();
    await legacy.fixture.gitlab.deleteRunner({ runnerId: runner?.id ?? 0 });
    const successor = await legacy.start({ folder });
    await successor.waitForState("online");

    expect(await successor.waitForState("warning")).toContain(
      "GitLab no longer knows the previous runner",
    );
    expect(legacy.registered()).toHaveLength(1);
  });

  it.concurrent(
    "reuses its runner after a firewall blocked the stop and the next start",
    async () => {
      await using legacy = await createLegacy();
      const { gitlab } = legacy.fixture;
      const folder = newVolume();
      const action: FaultAction = { kind: "text", text: "<html>blocked</html>", status: 403 };
      await gitlab.addFault({ endpoint: "DELETE /runners", action });
      const blocked = await legacy.start({ folder });
      await blocked.waitForState("online");
      const [runner] = legacy.registered();
      blocked.stop();
      await blocked.waitForState("waiting");
      // A second signal ends the retries.
      blocked.stop();
      expect((await blocked.exit()).code).toBe(EXIT.notDeregistered);

      await gitlab.clearFaults({});
      await gitlab.addFault({ endpoint: "POST /runners/verify", action, times: 2 });
      const successor = await legacy.start({ folder });
      expect(await successor.waitForState("online")).toContain(` of runner ${runner?.id ?? 0}`);
      expect(legacy.registered()).toEqual([runner]);
      successor.stop();
      expect((await successor.exit()).code).toBe(EXIT.ok);
      expect(legacy.registered()).toEqual([]);
    },
  );

  it.concurrent("keeps the record of its runner until it has registered another", async () => {
    await using legacy = await createLegacy();
    const { gitlab } = legacy.fixture;
    const folder = newVolume();
    const killed = await legacy.start({ folder });
    await killed.waitForState("online");
    await killed.killAll();
    const [runner] = legacy.registered();
    const refuse: FaultAction = { kind: "status", status: 403 };
    await gitlab.addFault({ endpoint: "POST /runners/verify", action: refuse });
    await gitlab.addFault({ endpoint: "POST /runners", action: refuse });
    const refused = await legacy.start({ folder, clock: 40 });
    expect((await refused.exit()).code).toBe(EXIT.refused);

    // GitLab rejected it by mistake.
    await gitlab.clearFaults({});
    const successor = await legacy.start({ folder });
    expect(await successor.waitForState("online")).toContain(` of runner ${runner?.id ?? 0}`);
    successor.stop();
    expect((await successor.exit()).code).toBe(EXIT.ok);
    expect(legacy.registered()).toEqual([]);
  });

  it.concurrent("leaves a killed replica's runner to `npm run reap` without a volume", async () => {
    await using legacy = await createLegacy();
    const killed = await legacy.start();
    await killed.waitForState("online");
    await killed.killAll();
    const successor = await legacy.start();
    await successor.waitForState("online");
    const systemIds = legacy.registered().map(({ systemId }) => systemId);

    // The note shows which replica each runner belonged to.
    expect(systemIds).toHaveLength(2);
    expect(new Set(systemIds).size).toBe(1);
    expect(systemIds[0]).toMatch(/^r_/);
    successor.stop();
    await successor.exit();
    expect(legacy.registered()).toHaveLength(1);
  });

  it.concurrent(
    "deletes a killed replica's runner when it gets an authentication token",
    async () => {
      await using legacy = await createLegacy();
      const folder = newVolume();
      const killed = await legacy.start({ folder });
      await killed.waitForState("online");
      await killed.killAll();
      const { token, runnerId } = legacy.fixture;
      const successor = await legacy.start({ folder, env: { RUNNER_CI_TOKEN: token } });

      expect(await successor.waitForState("online")).toContain(` of runner ${runnerId}`);
      expect(legacy.registered()).toEqual([]);
    },
  );

  it.concurrent("warns if an earlier request may have registered another runner", async () => {
    await using legacy = await createLegacy();
    const { gitlab } = legacy.fixture;
    await gitlab.addFault({ endpoint: "POST /runners", action: { kind: "drop answer" }, times: 1 });
    const replica = await legacy.start();
    await replica.waitForState("online");
    const [{ systemId } = { systemId: "" }] = legacy.registered();

    expect(legacy.registered()).toHaveLength(2);
    expect(await replica.waitForState("warning")).toContain(
      `it may have a runner with the note "made by`,
    );
    expect(await replica.waitForState("warning")).toContain(systemId);
  });

  it.concurrent.each<readonly [string, FaultAction, number, number]>([
    [
      "cannot know that GitLab has registered no runner",
      { kind: "reset" },
      EXIT.notDeregistered,
      0,
    ],
    [
      "deletes its runner if GitLab answers in time",
      { kind: "hold answer", ms: 1_000 },
      EXIT.ok,
      0,
    ],
    [
      "logs that there may be a runner if GitLab does not answer",
      { kind: "hold answer", ms: 60_000 },
      EXIT.notDeregistered,
      1,
    ],
  ])("%s, when it is stopped while it registers", async (_, action, code, runners) => {
    await using legacy = await createLegacy();
    const { gitlab } = legacy.fixture;
    await gitlab.addFault({ endpoint: "POST /runners", action });
    const replica = await legacy.start();
    await gitlab.waitForEvent((event) => ["held", "request"].includes(event.kind), {
      what: "the registration",
      timeoutMs: 20_000,
    });
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(code);
    expect(exit.at - at).toBeLessThan(5_000);
    expect(legacy.registered()).toHaveLength(runners);
    if (code === EXIT.notDeregistered)
      expect(await replica.waitForState("not deregistered")).toContain("`npm run reap` deletes it");
  });
});
