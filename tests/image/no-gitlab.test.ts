import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { startToggleProxy } from "../support/toggle-proxy";
import { RAW_ANSWERS, startRawServer } from "../support/no-gitlab";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";

/** How much faster the entrypoint's clock runs. */
const FAST = 20;

// A server that sends without end counts as no response after a minute, the others at once.
describe.each(Object.entries(RAW_ANSWERS))("a server that is not GitLab and %s", (_, answer) => {
  it.concurrent("makes a starting replica retry until GitLab answers", async () => {
    await using server = await startRawServer(answer);
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(server.url);
    const env = { RUNNER_CI_URL: gate.url };
    const replica = await fixture.replica({ env, script: {}, clock: FAST });
    expect((await replica.waitForState("waiting")).length).toBeLessThan(300);

    gate.redirect(fixture.gitlab.url);
    await replica.waitForState("online");
  });

  it.concurrent("does not delay the stop of a starting replica", async () => {
    await using server = await startRawServer(answer);
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_CI_URL: server.url }, script: {} });
    await replica.waitForState("starting");
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.at - at).toBeLessThan(5_000);
    expect([EXIT.ok, EXIT.notDeregistered]).toContain(exit.code);
    expect(replica.states().at(-1)).toBe(
      exit.code === EXIT.ok ? "deregistered" : "not deregistered",
    );
  });

  it.concurrent("delays a stopping replica no longer than its grace period", async () => {
    await using server = await startRawServer(answer);
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(fixture.gitlab.url);
    const env = { RUNNER_CI_URL: gate.url, RUNNER_DRAIN_TIMEOUT: "30s" };
    const { replica, manager } = await startOnline(fixture, { env, clock: FAST });
    gate.redirect(server.url);
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.notDeregistered);
    expect((exit.at - at) * FAST).toBeLessThan(90_000);
    const left = replica.lines().filter(({ state }) => state === "not deregistered");
    expect(left).toHaveLength(1);
    expect(left[0]?.message).toContain(`${manager} is still in GitLab: `);
  });
});
