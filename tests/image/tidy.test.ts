import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { getSystemId } from "../../contract/identity";
import { eventually } from "../support/eventually";
import { ofJob, startLeftoversEngine, type LeftoversEngine } from "../support/leftovers-engine";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

const POOL = "ci/service1";
const idOf = (slot: string, place: string) => getSystemId({ pool: POOL, node: "n", slot, place });

let fixture: ReplicaFixture;
let places: string;
let fake: LeftoversEngine;
beforeAll(async () => {
  fixture = await createReplicaFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});
beforeEach(async () => {
  places = mkdtempSync(join(tmpdir(), "places-"));
  fake = await startLeftoversEngine();
  writeFileSync(join(places, "2.0"), `${idOf("2", "0")}\n`);
  fake.objects.volumes = [
    { name: "own", labels: ofJob(idOf("1", "0")) },
    { name: "killed", labels: ofJob(idOf("2", "0")) },
  ];
});
afterEach(async () => {
  await fake[Symbol.asyncDispose]();
  rmSync(places, { recursive: true });
});

/** Starts a replica of the pool. The minute between two looks of its clock takes half a second. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<ReplicaProcess> {
  const replica = await fixture.replica({
    env: {
      ...{ RUNNER_EXECUTOR: "docker", RUNNER_IMAGE: "job", DOCKER_HOST: fake.host },
      ...{ RUNNER_POOL: POOL, RUNNER_NODE: "n", RUNNER_SLOT: "1", POOL_PLACES: places },
      ...{ POOL_WATCH: "0.5", ...env },
    },
    clock: 120,
  });
  await replica.waitForState("online");
  return replica;
}

async function end(replica: ReplicaProcess): Promise<void> {
  replica.stop("SIGQUIT");
  expect((await replica.exit()).code).toBe(0);
}

const names = () => fake.objects.volumes.map(({ name }) => name);

describe("an online replica", () => {
  it("removes what a killed replica left, and its own volumes when it leaves", async () => {
    const replica = await start();
    expect(await replica.waitForState("warning")).toMatch(
      /^removed 1 volume that earlier replicas/,
    );
    expect(names()).toEqual(["own"]);
    await end(replica);
    expect(names()).toEqual([]);
  });

  it("keeps both if `docker.tidy` is false", async () => {
    const replica = await start({ RUNNER_DOCKER_TIDY: "false" });
    await sleep(4_000);
    await end(replica);
    expect(names()).toEqual(["own", "killed"]);
  });

  it("keeps its own volumes when it is killed, and its successor keeps them, too", async () => {
    await (await start()).killAll();
    expect(names()).toContain("own");
    const successor = await start();
    await successor.waitForState("warning");
    expect(names()).toEqual(["own"]);
    await end(successor);
  });

  it("soon ends the jobs of a replica that is killed later and has no successor here", async () => {
    const replica = await start();
    await replica.waitForState("warning");
    writeFileSync(join(places, "3.0"), `${idOf("3", "0")}\n`);
    fake.objects.containers = [{ id: "job", labels: ofJob(idOf("3", "0")) }];
    // Without such an event, the next look would be after 120 readings, which take a minute here.
    await eventually(() => Promise.resolve(fake.objects.containers.length === 0), {
      what: "the removal of the container",
      timeoutMs: 25_000,
    });
    await end(replica);
  });

  it("keeps what belongs to a replica that still drains", async () => {
    const draining = await start({ RUNNER_SLOT: "2" });
    const second = await start();
    await eventually(
      () => Promise.resolve(fake.asked.filter((one) => one === "GET /volumes").length > 1),
      {
        what: "a look at the volumes",
        timeoutMs: 20_000,
      },
    );
    await sleep(2_000);
    expect(names()).toEqual(["own", "killed"]);
    await end(second);
    await end(draining);
  });
});
