import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { createReplicaFixture } from "../support/replica-fixture";

const SCRIPT = ["for i in 1 2 3; do echo tick $i; sleep 0.5; done"];
const WHOLE = ["tick 1", "tick 2", "tick 3"];
const WAIT_MS = 20_000;

describe("a replica that is stopped while a job request is open", () => {
  it.concurrent("runs the job that GitLab assigns at that moment", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const replica = await fixture.replica();
    await replica.waitForState("online");
    const { id } = await gitlab.enqueueJob({ script: SCRIPT, holdAnswerMs: 1_000 });
    const { seq } = await gitlab.waitForEvent(
      (event) => event.kind === "held" && event.why === "assigned job",
      { what: "the job to be assigned", timeoutMs: WAIT_MS },
    );
    const at = replica.stop();
    const exit = await replica.exit();

    const answer = (await gitlab.events({ after: seq })).events.find(
      (event) => event.kind === "request" && event.status === 201,
    );
    expect(answer?.at).toBeGreaterThan(at);
    expect(exit.code).toBe(EXIT.ok);
    expect((await gitlab.job({ id })).status).toBe("success");
    expect((await gitlab.trace({ id })).match(/^tick \d$/gm)).toEqual(WHOLE);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("exits without the job that arrives while GitLab holds the request", async () => {
    await using fixture = await createReplicaFixture({ switches: { longPollSeconds: 50 } });
    const { gitlab } = fixture;
    const replica = await fixture.replica();
    await gitlab.waitForEvent((event) => event.kind === "held" && event.why === "long poll", {
      what: "a held request",
      timeoutMs: WAIT_MS,
    });
    replica.stop();
    await replica.waitForState("draining");
    // Anything that would cancel the request has happened after this time.
    await sleep(1_500);
    const { id } = await gitlab.enqueueJob({ script: SCRIPT });
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    // GitLab answers a held request with 204, and assigns the job to the next request, which comes
    // from another replica.
    expect(await gitlab.job({ id })).toMatchObject({ status: "pending", runnerId: null });
    expect(await fixture.systemIds()).toEqual([]);
  });
});
