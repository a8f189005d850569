import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { forwardTo, listenOnSocket } from "../support/engine-proxy";
import { enqueue, expectSuccess, startWithEngine } from "../support/engine-replica";
import { eventually } from "../support/eventually";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

const POLL = "POST /jobs/request";

let platform: PlatformFacts;
let folder: string;
beforeAll(async () => {
  platform = await readFacts();
  folder = mkdtempSync(join(tmpdir(), "engine-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The engine of the platform, behind a gate that a test can close for new connections. */
async function listen(name: string) {
  const forward = forwardTo(platform.dockerHost.slice("unix://".length));
  const gate = { isOpen: true };
  const proxy = await listenOnSocket(join(folder, name), (socket: Socket) => {
    if (gate.isOpen) forward(socket);
    else socket.destroy();
  });
  return { gate, proxy };
}

/** Waits until a job runs in its container. */
function waitForOutput({ gitlab }: ReplicaFixture, id: number): Promise<unknown> {
  return eventually(async () => (await gitlab.trace({ id })).includes("begun"), {
    what: `output of job ${id}`,
    timeoutMs: 60_000,
  });
}

function waitForOnlineAgain(replica: ReplicaProcess): Promise<unknown> {
  return eventually(() => replica.states().filter((state) => state === "online").length > 1, {
    what: "another `online`",
    timeoutMs: 70_000,
  }).catch((cause: unknown) => {
    throw new Error(replica.log(), { cause });
  });
}

/** Waits until a replica asks for no job, and returns how often it has asked. */
async function countRequestsWhenSilent(fixture: ReplicaFixture): Promise<number> {
  let count = -1;
  await eventually(
    async () => {
      const before = count;
      count = (await fixture.requests(POLL)).length;
      return count === before;
    },
    { what: "the end of the job requests", timeoutMs: 30_000, intervalMs: 5_000 },
  );
  return count;
}

const statesSinceOnline = (replica: ReplicaProcess): readonly string[] => {
  const states = replica.states();
  return states.slice(states.indexOf("online"));
};

describe("a replica whose engine goes away", () => {
  it("loses one job, then takes none until the engine answers again", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const first = await listen("first.sock");
    const path = first.proxy.host.slice("unix://".length);
    const replica = await startWithEngine(fixture, platform, {
      DOCKER_HOST: first.proxy.host,
      POOL_WATCH: "1",
    });
    await replica.waitForState("online", 60_000);
    const managers = await fixture.systemIds();
    await expectSuccess(fixture, (await enqueue(fixture)).id);
    await first.proxy[Symbol.asyncDispose]();

    const lost = await enqueue(fixture);
    expect(await gitlab.waitForJob({ id: lost.id, timeoutMs: 60_000 })).toMatchObject({
      status: "failed",
      failureReason: "runner_system_failure",
    });
    const lostAt = Date.now();
    expect(await replica.waitForState("waiting")).toMatch(
      `the Docker engine at unix://${path} cannot run jobs: this replica has no such file: `,
    );
    expect(Date.now() - lostAt).toBeLessThan(15_000);
    const count = await countRequestsWhenSilent(fixture);
    const { id } = await enqueue(fixture);
    await sleep(10_000);
    expect((await fixture.requests(POLL)).length).toBe(count);
    expect((await gitlab.job({ id })).status).toBe("pending");
    expect(await fixture.systemIds()).toEqual(managers);
    expect(existsSync(join(replica.folder, "run/online"))).toBe(true);

    const second = await listen("first.sock");
    await using proxy = second.proxy;
    await waitForOnlineAgain(replica);
    await expectSuccess(fixture, id);
    expect(proxy.accepted).toBeGreaterThan(2);
    expect(statesSinceOnline(replica)).toEqual(["online", "waiting", "online"]);
    replica.stop("SIGQUIT");
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it("lets its running job finish, even if it is stopped in the meantime", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const { gate, proxy } = await listen("second.sock");
    await using engine = proxy;
    const replica = await startWithEngine(fixture, platform, {
      DOCKER_HOST: engine.host,
      POOL_WATCH: "1",
      RUNNER_CONCURRENT: "2",
    });
    await replica.waitForState("online", 60_000);
    const running = await enqueue(fixture, ["echo begun", "sleep 60"]);
    await waitForOutput(fixture, running.id);
    gate.isOpen = false;
    const lost = await enqueue(fixture);
    expect((await gitlab.waitForJob({ id: lost.id, timeoutMs: 60_000 })).status).toBe("failed");
    await replica.waitForState("waiting");
    await countRequestsWhenSilent(fixture);
    const { id } = await enqueue(fixture);
    replica.stop("SIGQUIT");
    await replica.waitForState("draining");
    gate.isOpen = true;

    await expectSuccess(fixture, running.id);
    expect((await replica.exit(60_000)).code).toBe(EXIT.ok);
    expect((await gitlab.job({ id })).status).toBe("pending");
    // The closed gate has two reasons: a request was answered by a reset, or could not be sent.
    const states = new Set(statesSinceOnline(replica));
    expect([...states]).toEqual(["online", "waiting", "draining", "deregistered"]);
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });
});
