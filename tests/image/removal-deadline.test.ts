import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { DRAIN_HEADROOM_SECONDS } from "../../contract/swarm";
import type { FaultAction } from "../../fake-gitlab";
import { startToggleProxy } from "../support/toggle-proxy";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";

const REMOVE = "DELETE /runners/managers";
const BUSY: FaultAction = { kind: "status", status: 429, headers: { "Retry-After": "60" } };

/** How GitLab fails; undefined: it refuses connections. */
const NEVER: readonly (readonly [string, FaultAction | undefined])[] = [
  ["refuses connections", undefined],
  ["hangs", { kind: "hang" }],
  ["answers 500", { kind: "status", status: 500 }],
  ["answers 429 and asks to wait a minute", BUSY],
];

describe("a replica that cannot deregister", () => {
  it.concurrent.each(NEVER)(
    "logs what is left before its grace period ends if GitLab always %s",
    async (_, action) => {
      const [factor, drain] = [20, 30];
      await using fixture = await createReplicaFixture();
      await using gate = await startToggleProxy(fixture.gitlab.url);
      const env = { RUNNER_CI_URL: gate.url, RUNNER_DRAIN_TIMEOUT: `${drain}s` };
      const { replica, manager } = await startOnline(fixture, { env, clock: factor });
      if (action === undefined) await gate.close();
      else await fixture.gitlab.addFault({ endpoint: REMOVE, action });
      const at = replica.stop();
      const exit = await replica.exit();

      expect(exit.code).toBe(EXIT.notDeregistered);
      expect((exit.at - at) * factor).toBeLessThan((drain + DRAIN_HEADROOM_SECONDS) * 1_000);
      const left = replica.lines().filter(({ state }) => state === "not deregistered");
      expect(left).toHaveLength(1);
      expect(left[0]?.message.startsWith(`${manager} is still in GitLab: `)).toBe(true);
    },
  );

  it.concurrent("asks once and waits if GitLab takes 30 s to answer", async () => {
    const factor = 20;
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { clock: factor });
    const action: FaultAction = { kind: "delay", ms: 30_000 / factor };
    await fixture.gitlab.addFault({ endpoint: REMOVE, action });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.requests(REMOVE)).toHaveLength(1);
  });

  it.concurrent("gives up after five minutes, regardless of its drain timeout", async () => {
    const factor = 60;
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(fixture.gitlab.url);
    const env = { RUNNER_CI_URL: gate.url, RUNNER_DRAIN_TIMEOUT: "1h" };
    const { replica } = await startOnline(fixture, { env, clock: factor });
    await gate.close();
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.notDeregistered);
    const seconds = ((exit.at - at) * factor) / 1_000;
    expect(Math.abs(seconds - 300)).toBeLessThan(150);
  });
});
