import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { startJob, expectIntactLogs, tickingScript } from "../support/jobs";
import { createReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

/** KILL and STOP cannot be caught; the others stop a replica. */
const OTHERS = ["SIGKILL", "SIGSTOP", "SIGTERM", "SIGQUIT", "SIGINT"];
/** The real-time signals that glibc leaves to programs. Node.js has no names for them. */
const REAL_TIME = Array.from({ length: 31 }, (_, n) => 34 + n);
const SIGNALS = [
  ...Object.entries(constants.signals)
    .filter(([name]) => !OTHERS.includes(name))
    .map(([, number]) => number),
  ...REAL_TIME,
];

/**
 * Sends every signal except the stop signals.
 * @param target process ID, or the negative ID of a process group
 */
async function sendAll(target: number): Promise<void> {
  for (const signal of new Set(SIGNALS)) {
    process.kill(target, signal);
    await sleep(5);
  }
}

const getPid = ({ child }: ReplicaProcess): number => child.pid ?? 0;

describe("a signal other than the stop signals", () => {
  it("is one of Linux's 64 signals", () => {
    expect(new Set(SIGNALS).size).toBe(64 - 2 - OTHERS.length);
    expect(SIGNALS).toContain(constants.signals.SIGHUP);
  });

  it.concurrent("stops no replica, aborts no job and forces no drain", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    await replica.waitForState("online");
    await sendAll(getPid(replica));
    const id = await startJob(fixture.gitlab, { script: tickingScript(8) });
    await sendAll(getPid(replica));
    replica.stop("SIGQUIT");
    await replica.waitForState("draining");
    await sendAll(getPid(replica));

    expect((await replica.exit()).code).toBe(EXIT.ok);
    await expectIntactLogs(fixture.gitlab, [{ id }], 8, 1_000);
    expect(replica.states()).toEqual(["starting", "online", "draining", "deregistered"]);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("does not stop a starting replica", async () => {
    await using fixture = await createReplicaFixture();
    const action = { kind: "hold answer", ms: 2_000 } as const;
    await fixture.gitlab.addFault({ endpoint: "POST /runners/verify", action, times: 1 });
    const replica = await fixture.replica({ script: {} });
    await replica.waitForState("starting");
    await sendAll(getPid(replica));

    await replica.waitForState("online");
    replica.stop();
    expect((await replica.exit()).code).toBe(EXIT.ok);
  });

  // As the kernel does with SIGHUP when a terminal is closed.
  it.concurrent("has no effect when it is sent to the whole process group", async () => {
    await using fixture = await createReplicaFixture();
    const action = { kind: "hold answer", ms: 2_000 } as const;
    for (const endpoint of ["POST /runners/verify", "DELETE /runners/managers"] as const) {
      await fixture.gitlab.addFault({ endpoint, action, times: 1 });
    }
    const replica = await fixture.replica({ script: {} });
    await replica.waitForState("starting");
    await sendAll(-getPid(replica));
    await replica.waitForState("online");
    await sendAll(-getPid(replica));
    replica.stop();
    await replica.waitForState("draining");
    await sendAll(-getPid(replica));

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(replica.states()).toEqual(["starting", "online", "draining", "deregistered"]);
    expect(await fixture.systemIds()).toEqual([]);
  });
});
