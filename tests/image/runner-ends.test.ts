import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

/** How much faster the entrypoint's minute passes. */
const FAST = 40;

/** Time (ms) in which a replica is online. */
const SOON = 1_500;

/** Waits until it holds up its end. */
function holds(replica: ReplicaProcess): Promise<unknown> {
  return eventually(
    () => replica.lines().some(({ message }) => message.startsWith("this replica ends in ")),
    {
      what: "the replica to hold up its end",
      timeoutMs: 20_000,
    },
  );
}

describe("a replica whose gitlab-runner ends by itself", () => {
  it.concurrent.each([1, 75, 137])(
    "with code %i leaves GitLab, ends a minute after its start and exits with that",
    async (code) => {
      await using fixture = await createReplicaFixture();
      const began = Date.now();
      const script = { crash: { after: SOON, code } };
      // Its clock is slow enough that the minute is not over when gitlab-runner ends.
      const { replica, manager } = await startOnline(fixture, { script, clock: 10 });
      await holds(replica);
      expect(await fixture.systemIds()).toEqual([]);
      const exit = await replica.exit();

      expect(exit.code).toBe(code);
      expect(exit.at - began).toBeGreaterThanOrEqual(60_000 / 10);
      expect(replica.lines().slice(2)).toEqual([
        { state: "warning", message: `gitlab-runner ended by itself with code ${code}` },
        { state: "removed", message: manager },
        expect.objectContaining({ state: "warning" }),
      ]);
    },
  );

  it.concurrent("after more than a minute ends at once", async () => {
    await using fixture = await createReplicaFixture();
    const script = { crash: { after: (2 * 60_000) / FAST, code: 1 } };
    const { replica } = await startOnline(fixture, { script, clock: FAST });

    expect((await replica.exit()).code).toBe(1);
    expect(replica.states()).toEqual(["starting", "online", "warning", "removed"]);
  });

  it.concurrent("ends at once when it is told to stop", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { script: { crash: { after: SOON, code: 3 } } });
    await holds(replica);
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(3);
    expect(exit.at - at).toBeLessThan(5_000);
  });

  it.concurrent("and whose `leave` is killed leaves all the same", async () => {
    await using fixture = await createReplicaFixture();
    const REMOVE = "DELETE /runners/managers";
    await fixture.gitlab.addFault({ endpoint: REMOVE, action: { kind: "hang" }, times: 1 });
    const { replica } = await startOnline(fixture, { script: { crash: { after: SOON, code: 3 } } });
    await fixture.gitlab.waitForEvent(({ kind }) => kind === "held", {
      what: "the removal",
      timeoutMs: 20_000,
    });
    process.kill(await replica.nodePid("leave"), "SIGKILL");
    await replica.says("removed");
    replica.stop();

    expect((await replica.exit()).code).toBe(3);
    expect(await fixture.systemIds()).toEqual([]);
  });
});
