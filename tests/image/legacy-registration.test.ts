import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../local/gitlab";
import { createLegacy } from "../support/legacy-replicas";

const newVolume = () => mkdtempSync(join(tmpdir(), "replica-"));

describe("a replica with a registration token", () => {
  it.concurrent("registers a runner of its own, and removes it whole", async () => {
    await using legacy = await createLegacy();
    const replica = await legacy.start();
    await replica.says("online");
    const [runner] = legacy.registered();
    expect(replica.log()).toContain(`system ID ${runner?.systemId ?? "none"}`);
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(legacy.registered()).toEqual([]);
    expect(replica.log()).toContain(`removed: runner ${runner?.id ?? 0}\n`);
  });

  it.concurrent(
    "goes on with the runner of a killed one on its volume, and removes it",
    async () => {
      await using legacy = await createLegacy();
      const place = newVolume();
      const killed = await legacy.start({ place });
      await killed.says("online");
      const [runner] = legacy.registered();
      await killed.killAll();
      const successor = await legacy.start({ place });
      expect(await successor.says("online")).toContain(` of runner ${runner?.id ?? 0}`);

      expect(legacy.registered()).toEqual([runner]);
      successor.stop();
      expect((await successor.exit()).code).toBe(EXIT.ok);
      expect(legacy.registered()).toEqual([]);
    },
  );

  it.concurrent("registers a new runner if GitLab no longer has that of a killed one", async () => {
    await using legacy = await createLegacy();
    const place = newVolume();
    const killed = await legacy.start({ place });
    await killed.says("online");
    await killed.killAll();
    const [runner] = legacy.registered();
    await legacy.fixture.gitlab.deleteRunner({ runnerId: runner?.id ?? 0 });
    const successor = await legacy.start({ place });
    await successor.says("online");

    expect(await successor.says("warning")).toContain(
      "GitLab no longer knows the runner of before",
    );
    expect(legacy.registered()).toHaveLength(1);
  });

  it.concurrent(
    "without a volume leaves the runner of a killed one to `npm run reap`",
    async () => {
      await using legacy = await createLegacy();
      const killed = await legacy.start();
      await killed.says("online");
      await killed.killAll();
      const successor = await legacy.start();
      await successor.says("online");
      const systemIds = legacy.registered().map(({ systemId }) => systemId);

      // By the note it is known whose it was.
      expect(systemIds).toHaveLength(2);
      expect(new Set(systemIds).size).toBe(1);
      expect(systemIds[0]).toMatch(/^r_/);
      successor.stop();
      await successor.exit();
      expect(legacy.registered()).toHaveLength(1);
    },
  );

  it.concurrent(
    "changed to an authentication token removes what a killed one registered",
    async () => {
      await using legacy = await createLegacy();
      const place = newVolume();
      const killed = await legacy.start({ place });
      await killed.says("online");
      await killed.killAll();
      const { token, runnerId } = legacy.fixture;
      const successor = await legacy.start({ place, env: { RUNNER_CI_TOKEN: token } });

      expect(await successor.says("online")).toContain(` of runner ${runnerId}`);
      expect(legacy.registered()).toEqual([]);
    },
  );

  it.concurrent("says so if an earlier try may have registered another runner", async () => {
    await using legacy = await createLegacy();
    const { gitlab } = legacy.fixture;
    await gitlab.addFault({ endpoint: "POST /runners", action: { kind: "drop answer" }, times: 1 });
    const replica = await legacy.start();
    await replica.says("online");
    const [{ systemId } = { systemId: "" }] = legacy.registered();

    expect(legacy.registered()).toHaveLength(2);
    expect(await replica.says("warning")).toContain(`there may be a runner with the note "made by`);
    expect(await replica.says("warning")).toContain(systemId);
  });

  it.concurrent.each<readonly [string, FaultAction, number, number]>([
    ["cannot know that GitLab has not begun", { kind: "reset" }, EXIT.left, 0],
    [
      "removes its runner if it hears of it in time",
      { kind: "hold answer", ms: 1_000 },
      EXIT.ok,
      0,
    ],
    ["says that there may be a runner if not", { kind: "hold answer", ms: 60_000 }, EXIT.left, 1],
  ])("stopped while it registers %s", async (_, action, code, runners) => {
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
    if (code === EXIT.left)
      expect(await replica.says("left")).toContain("`npm run reap` removes it");
  });
});
