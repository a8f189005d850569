import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { createReplicaFixture } from "../support/replica-fixture";
import { readRunnerCall } from "../support/scripted-runner";

describe("a stopped replica", () => {
  it("drains, deregisters and exits 0", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    await replica.waitForState("online");
    expect(await fixture.systemIds()).toHaveLength(1);

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(5_000);
    expect(replica.states()).toEqual(["starting", "online", "draining", "deregistered"]);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it("sends gitlab-runner no stop signal other than SIGQUIT", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ script: { quit: 100 } });
    await replica.waitForState("online");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(readRunnerCall(replica.folder).signals).toEqual(["SIGHUP", "SIGQUIT"]);
  });
});
