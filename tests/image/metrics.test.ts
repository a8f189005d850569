import { describe, expect, it } from "@jest/globals";
import { findFreePort } from "../../runner-image/src/system/free-port";
import { createReplicaFixture } from "../support/replica-fixture";

describe("a replica with a listen address", () => {
  it("serves gitlab-runner's metrics there, and reads them to come online and to stop", async () => {
    await using fixture = await createReplicaFixture();
    const port = await findFreePort();
    const replica = await fixture.replica({ env: { RUNNER_LISTEN_ADDRESS: `:${port}` } });
    await replica.waitForState("online");

    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(await response.text()).toContain("gitlab_runner_version_info{");

    replica.stop("SIGQUIT");
    expect((await replica.exit()).code).toBe(0);
    expect(replica.states()).toEqual(["starting", "online", "draining", "deregistered"]);
  });
});
