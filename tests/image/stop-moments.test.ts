import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { EXIT } from "../../contract/exit-codes";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";

const STOPS = 100;
const CONCURRENT_STOPS = 5;

/** How long after `online` a replica is stopped (ms), and how many jobs it may run at once. */
const moments = fc.record({ after: fc.nat(1_500), concurrent: fc.constantFrom("1", "1", "3") });

/** How long a job takes (ms), and how long GitLab takes to assign it. */
const lengths = fc.record({ job: fc.nat(1_000), handOver: fc.constantFrom(0, 0, 50, 200) });

describe("a stop under a full queue", () => {
  it(`loses no job at ${STOPS} random moments`, async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const queue = keepFull(fixture);
    const codes: (number | null)[] = [];
    await inTurn(fc.sample(moments, { numRuns: STOPS, seed: 1 }), async (moment) => {
      const { after, concurrent } = moment;
      await using replica = await fixture.replica({ env: { RUNNER_CONCURRENT: concurrent } });
      await replica.waitForState("online");
      await sleep(after);
      replica.stop();
      codes.push((await replica.exit()).code);
    });
    await queue.stop();

    const started = (await gitlab.jobs({})).filter(({ status }) => status !== "pending");
    expect(started.filter(({ status }) => status !== "success")).toEqual([]);
    expect(started.length).toBeGreaterThan(STOPS);
    expect(codes).toEqual(codes.map(() => EXIT.ok));
    expect(await fixture.systemIds()).toEqual([]);
  }, 300_000);
});

/** Adds jobs while fewer than ten are waiting. */
function keepFull({ gitlab }: ReplicaFixture): { stop(): Promise<void> } {
  const jobs = fc.sample(lengths, { numRuns: 1_000, seed: 2 });
  let [going, next] = [true, 0];
  const filling = (async () => {
    while (going) {
      const waiting = await gitlab.jobs({ status: "pending" });
      for (let n = waiting.length; n < 10; n += 1) {
        const { job, handOver } = jobs[next % jobs.length] ?? { job: 0, handOver: 0 };
        next += 1;
        await gitlab.enqueueJob({ script: [`sleep ${job / 1000}`], holdAnswerMs: handOver });
      }
      await sleep(20);
    }
  })();
  return {
    async stop() {
      going = false;
      await filling;
    },
  };
}

/** Runs `act` for each item, CONCURRENT_STOPS at a time. */
async function inTurn<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT_STOPS }, worker));
}
