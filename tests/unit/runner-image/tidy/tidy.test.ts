import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { lockFile } from "../../../../runner-image/src/tidy/places";
import { eventually } from "../../../support/eventually";
import { ofJob } from "../../../support/leftovers-engine";
import {
  ALIVE,
  ALL,
  createPoolLeftovers,
  DEAD,
  EARLIER,
  FOREIGN,
  idOf,
  replica,
  type PoolLeftovers,
} from "../../../support/pool-leftovers";

let node: PoolLeftovers;
beforeEach(async () => {
  node = await createPoolLeftovers();
});
afterEach(async () => {
  await node[Symbol.asyncDispose]();
});

/** Waits until the first look is over. The engine's swarm is the last thing that it asks for. */
async function firstLook(): Promise<void> {
  await eventually(() => Promise.resolve(node.fake.asked.includes("GET /info")), {
    what: "the end of the first look",
    timeoutMs: 20_000,
  });
  await sleep(500);
}

describe("tidy", () => {
  it("removes what a killed replica and an earlier service left, and nothing else", async () => {
    await node.run();
    expect(node.remaining()).toEqual(ALIVE);
    expect(node.said).toEqual([
      `warning: removed 2 volumes, 2 containers and 2 networks that earlier replicas left on ${node.fake.host}`,
    ]);
  });

  it("says nothing and asks no more than once if nothing is left", async () => {
    await node.run();
    node.said.length = 0;
    node.fake.asked.length = 0;
    await node.run();
    expect(node.said).toEqual([]);
    expect(node.fake.asked).toEqual(["GET /containers/json", "GET /networks", "GET /volumes"]);
  });

  it.each([
    ["`docker.tidy` is false", { tidiesUp: false }],
    ["it holds no place", { place: null }],
    ["no engine runs its jobs", { engine: null }],
    ["its system ID depends on something else", { poolOnNode: null }],
  ])("asks nothing if %s", async (_, state) => {
    await node.run({ state });
    expect(node.fake.asked).toEqual([]);
    expect(node.remaining()).toEqual(ALL);
  });

  it("removes nothing if its own system ID is not that of its place", async () => {
    await node.run({ state: { systemId: idOf("9", "9") } });
    expect(node.remaining()).toEqual(ALL);
  });

  it("leaves everything to a replica that tidies up already", async () => {
    const lock = lockFile(join(node.places, "tidy"), true);
    await node.run();
    expect(node.remaining()).toEqual(ALL);
    lock?.release();
    await node.run();
    expect(node.remaining()).toEqual(ALIVE);
  });

  it("keeps what belongs to a place that another process locks as place.sh does", async () => {
    const holder = spawn("sh", [
      "-c",
      'exec 9>>"$1"; flock -n 9; echo; read -r _',
      "sh",
      join(node.places, "3.0"),
    ]);
    await once(holder.stdout, "data");
    // It counts as a replica without a container, so the prefix proves nothing either.
    await node.run();
    expect(node.remaining()).toEqual(ALL);
    holder.stdin.end();
    await once(holder, "exit");
    await node.run();
    expect(node.remaining()).toEqual(ALIVE);
  });

  it("keeps what belongs to a killed replica whose successor comes between the looks", async () => {
    const done = node.run({ confirmMs: 3_000 });
    await firstLook();
    node.place("3.0", true, `${DEAD}\n`);
    node.fake.objects.containers = [...node.fake.objects.containers, replica("successor")];
    await done;
    expect(node.remaining()).toEqual(ALL.filter((name) => name !== "earlier"));
  });

  it("does not remove in the second look what it did not see in the first one", async () => {
    const volume = { name: "v late", labels: ofJob(idOf("4", "0")) };
    const done = node.run({ confirmMs: 3_000 });
    await firstLook();
    node.place("4.0", false);
    node.fake.objects.volumes = [...node.fake.objects.volumes, volume];
    await done;
    expect(node.fake.objects.volumes).toContain(volume);
  });

  it("holds the place of a killed replica while it removes what that left", async () => {
    node.fake.removalMs = 150;
    const seen: boolean[] = [];
    const timer = setInterval(() => {
      const lock = lockFile(join(node.places, "3.0"));
      seen.push(lock === undefined);
      lock?.release();
    }, 40);
    // The first look is over at once.
    await node.run({ confirmMs: 0 });
    clearInterval(timer);
    expect(seen.filter((held) => held).length).toBeGreaterThan(2);
    const lock = lockFile(join(node.places, "3.0"));
    expect(lock).toBeDefined();
    lock?.release();
  });

  it("also finds the ID that a killed replica of an earlier service wrote into its place", async () => {
    node.place("3.0", false, `${EARLIER}\n`);
    // Its place proves that it is dead, so its jobs end, too, on any engine.
    node.fake.answers.set("GET /info", { status: 200, body: { Swarm: { NodeID: "" } } });
    await node.run();
    expect(node.remaining()).toEqual(ALIVE);
  });

  it("ignores an ID without the pool's mark in a place", async () => {
    node.place("3.0", false, `${FOREIGN}\n`);
    await node.run();
    expect(node.remaining()).toEqual(ALIVE);
  });

  it("leaves what is in use, and removes it the next time", async () => {
    node.fake.inUse.add("v dead");
    node.fake.answers.set("DELETE /networks/n%20dead", {
      status: 403,
      body: "has active endpoints",
    });
    await node.run();
    expect(node.fake.objects.volumes.map(({ name }) => name)).toContain("v dead");
    expect(node.said).toHaveLength(1);
    node.fake.inUse.clear();
    node.fake.answers.clear();
    await node.run();
    expect(node.fake.objects.volumes.map(({ name }) => name)).not.toContain("v dead");
  });

  it("reports a problem once, until it has succeeded or another problem occurs", async () => {
    const fail = (message: string) =>
      node.fake.answers.set("GET /volumes", { status: 500, body: { message } });
    fail("disk");
    await node.run();
    await node.run();
    expect(node.said).toEqual([
      `warning: cannot remove what earlier replicas left on ${node.fake.host}: GET /volumes: the engine answered 500 "disk"`,
    ]);
    fail("memory");
    await node.run();
    expect(node.said).toHaveLength(2);
    node.fake.answers.delete("GET /volumes");
    await node.run();
    expect(node.said).toHaveLength(3);
    expect(readFileSync(join(node.places, "reported"), "utf8")).toBe("");
    fail("memory");
    await node.run();
    expect(node.said).toHaveLength(4);
  });
});
