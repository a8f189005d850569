import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

/** How much faster the entrypoint's minute passes. */
const FAST = 40;

/** Time (ms) in which a replica is online. */
const SOON = 1_500;

/** Waits until the replica delays its exit. */
function waitForDelay(replica: ReplicaProcess): Promise<unknown> {
  return eventually(
    () => replica.lines().some(({ message }) => message.startsWith("exiting in ")),
    {
      what: "the replica to delay its exit",
      timeoutMs: 20_000,
    },
  );
}

describe("a replica whose gitlab-runner exits unexpectedly", () => {
  it.concurrent.each([1, 75, 137])(
    "deregisters and exits with the same code, %i, a minute after its start",
    async (code) => {
      await using fixture = await createReplicaFixture();
      const began = Date.now();
      const script = { crash: { after: SOON, code } };
      // Its clock is slow enough for gitlab-runner to exit within the minute.
      const { replica, manager } = await startOnline(fixture, { script, clock: 10 });
      await waitForDelay(replica);
      expect(await fixture.systemIds()).toEqual([]);
      const exit = await replica.exit();

      expect(exit.code).toBe(code);
      expect(exit.at - began).toBeGreaterThanOrEqual(60_000 / 10);
      expect(replica.lines().slice(2)).toEqual([
        { state: "warning", message: `gitlab-runner exited unexpectedly (code ${code})` },
        { state: "deregistered", message: manager },
        expect.objectContaining({ state: "warning" }),
      ]);
    },
  );

  it.concurrent("exits at once if it was online for more than a minute", async () => {
    await using fixture = await createReplicaFixture();
    const script = { crash: { after: (2 * 60_000) / FAST, code: 1 } };
    const { replica } = await startOnline(fixture, { script, clock: FAST });

    expect((await replica.exit()).code).toBe(1);
    expect(replica.states()).toEqual(["starting", "online", "warning", "deregistered"]);
  });

  it.concurrent("exits at once on a stop signal", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { crash: { after: SOON, code: 3 } } });
    await waitForDelay(replica);
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(3);
    expect(exit.at - at).toBeLessThan(5_000);
  });

  it.concurrent("deregisters even if its `after-crash` process is killed", async () => {
    await using fixture = await createReplicaFixture();
    const REMOVE = "DELETE /runners/managers";
    await fixture.gitlab.addFault({ endpoint: REMOVE, action: { kind: "hang" }, times: 1 });
    const { replica } = await startOnline(fixture, { script: { crash: { after: SOON, code: 3 } } });
    await fixture.gitlab.waitForEvent(({ kind }) => kind === "held", {
      what: "the removal",
      timeoutMs: 20_000,
    });
    process.kill(await replica.nodePid("after-crash"), "SIGKILL");
    await replica.waitForState("deregistered");
    replica.stop();

    expect((await replica.exit()).code).toBe(3);
    expect(await fixture.systemIds()).toEqual([]);
  });
});
