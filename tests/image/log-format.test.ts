import { describe, expect, it } from "@jest/globals";
import { parseOnlineMessage } from "../../contract/online-message";
import { createReplicaFixture } from "../support/replica-fixture";

describe("a replica whose gitlab-runner logs JSON", () => {
  it("keeps its own lines as text, so that `up` and `status` can read them", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const replica = await fixture.replica({
      env: { RUNNER_LOG_FORMAT: "json", RUNNER_LOG_LEVEL: "debug" },
    });
    expect(parseOnlineMessage(await replica.waitForState("online"))).toMatchObject({
      runnerId: fixture.runnerId,
    });
    const { id } = await gitlab.enqueueJob({ script: ["true"] });
    await gitlab.waitForJob({ id, timeoutMs: 60_000 });
    replica.stop("SIGQUIT");
    expect((await replica.exit()).code).toBe(0);

    expect(replica.states()).toEqual(["starting", "online", "draining", "deregistered"]);
    const others = replica
      .log()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const levels = others.map((line) => (JSON.parse(line) as { readonly level: string }).level);
    expect(levels).toContain("debug");
    expect(others.some((line) => line.includes('"Job succeeded"'))).toBe(true);
  });
});
