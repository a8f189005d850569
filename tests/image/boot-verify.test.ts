import { describe, expect, it } from "@jest/globals";
import { createReplicaFixture } from "../support/replica-fixture";

const REQUEST = "POST /jobs/request";

describe("a replica with bootVerify", () => {
  it("comes online after its test job, and then runs jobs", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({
      // The test job takes a moment, in which the replica must not be online.
      env: { RUNNER_BOOT_VERIFY: "true", RUNNER_PRE_BUILD_SCRIPT: "sleep 3" },
    });
    await replica.waitForState("starting");
    await replica.waitForState("online", 60_000);

    const log = replica.log();
    const passed = log.indexOf("Boot-verify canary complete");
    expect(passed).toBeGreaterThan(0);
    expect(passed).toBeLessThan(log.indexOf("gitlab-runner-pool: online"));
    const { id } = await fixture.gitlab.enqueueJob({ script: ["true"] });
    expect(await fixture.gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({
      status: "success",
    });
  });

  it("ends without a job request if its test job fails, and leaves no manager", async () => {
    await using fixture = await createReplicaFixture();
    await fixture.gitlab.enqueueJob({ script: ["true"] });
    const replica = await fixture.replica({
      env: { RUNNER_BOOT_VERIFY: "true", RUNNER_PRE_BUILD_SCRIPT: "echo no-disk; exit 1" },
    });

    await replica.waitForState("deregistered", 60_000);

    // It exits after the restart backoff.
    expect(replica.log()).toContain("gitlab-runner exited unexpectedly (code 1)");
    expect(replica.states()).not.toContain("online");
    expect(replica.log()).toContain("no-disk");
    expect(await fixture.requests(REQUEST)).toEqual([]);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it("ends soon after a stop signal during its test job", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({
      env: { RUNNER_BOOT_VERIFY: "true", RUNNER_PRE_BUILD_SCRIPT: "echo in-test; sleep 100" },
    });
    await replica.waitForState("starting");
    await new Promise((resolve) => setTimeout(resolve, 4_000));

    const at = replica.stop("SIGQUIT");
    const exit = await replica.exit(60_000);

    expect(exit.at - at).toBeLessThan(20_000);
    expect(exit.code).toBe(0);
    expect(await fixture.requests(REQUEST)).toEqual([]);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });
});
