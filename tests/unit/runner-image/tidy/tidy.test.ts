import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { getSystemId } from "../../../../contract/identity";
import type { Engine } from "../../../../runner-image/src/system/engine/engine";
import { lockFile, type Lock } from "../../../../runner-image/src/tidy/places";
import { tidy } from "../../../../runner-image/src/tidy/tidy";
import {
  ofJob,
  startLeftoversEngine,
  type LeftoversEngine,
} from "../../../support/leftovers-engine";

const POOL = "ci/service1";
const idOf = (slot: string, place: string, pool = POOL, node = "node1") =>
  getSystemId({ pool, node, slot, place });
/** The IDs of this replica, of another living one, and of one that was killed. */
const [OWN, LIVING, DEAD] = [idOf("1", "0"), idOf("2", "0"), idOf("3", "0")];
/** Has the mark of the pool, but no place: that of a deleted service of the same name. */
const EARLIER = idOf("1", "0", "ci/service0");
const FOREIGN = idOf("1", "0", "other/service2");
/** Another name whose hash begins with the same characters. */
const COLLISION = "ci-11777097";
const NOT_MANAGED = { "com.gitlab.gitlab-runner.runner.system_id": DEAD };

let fake: LeftoversEngine;
let places: string;
let locks: Lock[];
let said: string[];

/** Creates a place. @param held whether a replica holds it */
function place(name: string, held: boolean, content = ""): string {
  const path = join(places, name);
  writeFileSync(path, content);
  const lock = held ? lockFile(path) : undefined;
  if (lock !== undefined) locks.push(lock);
  return path;
}

/** A replica's own container, as Swarm labels it. */
const replica = (id: string, service = "ci", serviceId = "service1") => ({
  id,
  labels: {
    "com.docker.swarm.service.id": serviceId,
    "com.docker.swarm.service.name": service,
  },
});

beforeEach(async () => {
  said = [];
  locks = [];
  places = mkdtempSync(join(tmpdir(), "places-"));
  fake = await startLeftoversEngine();
  fake.answers.set("GET /info", { status: 200, body: { Swarm: { NodeID: "node1" } } });
  place("1.0", true, `${OWN}\n`);
  place("2.0", true, `${LIVING}\n`);
  place("3.0", false, `${DEAD}\n`);
  fake.objects.containers = [replica("replica 1"), replica("replica 2")];
  for (const [name, labels] of [
    ["own", ofJob(OWN)],
    ["living", ofJob(LIVING)],
    ["dead", ofJob(DEAD)],
    ["earlier", ofJob(EARLIER)],
    ["foreign", ofJob(FOREIGN)],
    ["not managed", NOT_MANAGED],
  ] as const) {
    fake.objects.containers = [
      ...fake.objects.containers,
      { id: `c ${name}`, labels, state: name === "earlier" ? "exited" : "running" },
    ];
    fake.objects.networks = [...fake.objects.networks, { id: `n ${name}`, labels }];
    fake.objects.volumes = [...fake.objects.volumes, { name: `v ${name}`, labels }];
  }
});
afterEach(async () => {
  for (const lock of locks) lock.release();
  await fake[Symbol.asyncDispose]();
  rmSync(places, { recursive: true });
});

function run({ engine = fake.engine as Engine | null, confirmMs = 1, state = {} } = {}) {
  return tidy({
    paths: { tidy: join(places, "reported") },
    state: {
      ...{ place: join(places, "1.0"), engine, systemId: OWN, tidiesUp: true },
      ...{ poolOnNode: { pool: POOL, node: "node1" }, ...state },
    },
    report: (kind, message) => said.push(`${kind}: ${message}`),
    confirmMs,
  });
}

/** Names of the owners whose containers, networks and volumes all remain or are all gone. */
function remaining(): readonly string[] {
  const { containers, networks, volumes } = fake.objects;
  const owners = (names: readonly string[], letter: string) =>
    names.filter((name) => name.startsWith(`${letter} `)).map((name) => name.slice(2));
  const kept = owners(
    volumes.map(({ name }) => name),
    "v",
  );
  expect(
    owners(
      containers.map(({ id }) => id),
      "c",
    ),
  ).toEqual(kept);
  expect(
    owners(
      networks.map(({ id }) => id),
      "n",
    ),
  ).toEqual(kept);
  return kept;
}

const ALL = ["own", "living", "dead", "earlier", "foreign", "not managed"];
const ALIVE = ["own", "living", "foreign", "not managed"];

describe("tidy", () => {
  it("removes what a killed replica and an earlier service left, and nothing else", async () => {
    await run();
    expect(remaining()).toEqual(ALIVE);
    expect(said).toEqual([
      `warning: removed 2 volumes, 2 containers and 2 networks that earlier replicas left on ${fake.host}`,
    ]);
  });

  it("says nothing and asks no more than once if nothing is left", async () => {
    await run();
    said = [];
    fake.asked.length = 0;
    await run();
    expect(said).toEqual([]);
    expect(fake.asked).toEqual(["GET /containers/json", "GET /networks", "GET /volumes"]);
  });

  it.each([
    ["`docker.tidy` is false", { tidiesUp: false }],
    ["it holds no place", { place: null }],
    ["no engine runs its jobs", { engine: null }],
    ["its system ID depends on something else", { poolOnNode: null }],
  ])("asks nothing if %s", async (_, state) => {
    await run({ state });
    expect(fake.asked).toEqual([]);
    expect(remaining()).toEqual(ALL);
  });

  it("removes nothing if its own system ID is not that of its place", async () => {
    await run({ state: { systemId: idOf("9", "9") } });
    expect(remaining()).toEqual(ALL);
  });

  it("leaves everything to a replica that tidies up already", async () => {
    const lock = lockFile(join(places, "tidy"), true);
    await run();
    expect(remaining()).toEqual(ALL);
    lock?.release();
    await run();
    expect(remaining()).toEqual(ALIVE);
  });

  it("keeps what belongs to a place that another process locks as place.sh does", async () => {
    const holder = spawn("sh", [
      "-c",
      'exec 9>>"$1"; flock -n 9; echo; read -r _',
      "sh",
      join(places, "3.0"),
    ]);
    await once(holder.stdout, "data");
    // It counts as a replica without a container, so the prefix proves nothing either.
    await run();
    expect(remaining()).toEqual(ALL);
    holder.stdin.end();
    await once(holder, "exit");
    await run();
    expect(remaining()).toEqual(ALIVE);
  });

  it("keeps what belongs to a killed replica whose successor comes between the looks", async () => {
    const done = run({ confirmMs: 1_000 });
    setTimeout(() => {
      place("3.0", true, `${DEAD}\n`);
      fake.objects.containers = [...fake.objects.containers, replica("successor")];
    }, 300);
    await done;
    expect(remaining()).toEqual(ALL.filter((name) => name !== "earlier"));
  });

  it("does not remove in the second look what it did not see in the first one", async () => {
    const volume = { name: "v late", labels: ofJob(idOf("4", "0")) };
    const done = run({ confirmMs: 1_000 });
    setTimeout(() => {
      place("4.0", false);
      fake.objects.volumes = [...fake.objects.volumes, volume];
    }, 300);
    await done;
    expect(fake.objects.volumes).toContain(volume);
  });

  it("holds the place of a killed replica while it removes what that left", async () => {
    fake.removalMs = 150;
    const seen: boolean[] = [];
    const timer = setInterval(() => {
      const lock = lockFile(join(places, "3.0"));
      seen.push(lock === undefined);
      lock?.release();
    }, 40);
    // The first look is over at once.
    await run({ confirmMs: 0 });
    clearInterval(timer);
    expect(seen.filter((held) => held).length).toBeGreaterThan(2);
    const lock = lockFile(join(places, "3.0"));
    expect(lock).toBeDefined();
    lock?.release();
  });

  it("also finds the ID that a killed replica of an earlier service wrote into its place", async () => {
    place("3.0", false, `${EARLIER}\n`);
    // Its place proves that it is dead, so its jobs end, too, on any engine.
    fake.answers.set("GET /info", { status: 200, body: { Swarm: { NodeID: "" } } });
    await run();
    expect(remaining()).toEqual(ALIVE);
  });

  it("ignores an ID without the pool's mark in a place", async () => {
    place("3.0", false, `${FOREIGN}\n`);
    await run();
    expect(remaining()).toEqual(ALIVE);
  });

  describe("keeps what has only the pool's mark", () => {
    const KEPT = ALL.filter((name) => name !== "dead");

    it.each([
      ["if the engine belongs to another node", { Swarm: { NodeID: "node2" } }],
      ["if the engine belongs to no swarm", { Swarm: { NodeID: "" } }],
      ["if the engine does not say where it belongs", []],
    ])("%s", async (_, body) => {
      fake.answers.set("GET /info", { status: 200, body });
      await run();
      expect(remaining()).toEqual(KEPT);
    });

    it.each([
      ["a replica of the pool runs without a place", replica("replica 3")],
      ["a replica of the pool is paused without a place", { ...replica("r"), state: "paused" }],
      [
        "a service whose name has the same hash has a replica on the engine",
        replica("other", COLLISION, "service9"),
      ],
      [
        "a replica outside Swarm runs on the engine",
        {
          id: "alone",
          labels: {},
          command: "/usr/bin/dumb-init -- sh /usr/local/lib/gitlab-runner-pool/entrypoint.sh",
        },
      ],
    ])("if %s", async (_, container) => {
      fake.objects.containers = [...fake.objects.containers, container];
      await run();
      expect(remaining()).toEqual(KEPT);
    });

    it("if its job still runs", async () => {
      fake.objects.containers = fake.objects.containers.map((one) =>
        one.id === "c earlier" ? { ...one, state: "running" } : one,
      );
      await run();
      expect(remaining()).toEqual(KEPT);
    });
  });

  it("counts neither ended replicas nor those of other pools", async () => {
    fake.objects.containers = [
      ...fake.objects.containers,
      { ...replica("ended"), state: "exited" },
      replica("other", "other", "service2"),
      { id: "database", labels: {} },
    ];
    await run();
    expect(remaining()).toEqual(ALIVE);
  });

  it("leaves what is in use, and removes it the next time", async () => {
    fake.inUse.add("v dead");
    fake.answers.set("DELETE /networks/n dead", { status: 403, body: "has active endpoints" });
    await run();
    expect(fake.objects.volumes.map(({ name }) => name)).toContain("v dead");
    expect(said).toHaveLength(1);
    fake.inUse.clear();
    fake.answers.clear();
    await run();
    expect(fake.objects.volumes.map(({ name }) => name)).not.toContain("v dead");
  });

  it("reports a problem once, until it has succeeded or another problem occurs", async () => {
    const fail = (message: string) =>
      fake.answers.set("GET /volumes", { status: 500, body: { message } });
    fail("disk");
    await run();
    await run();
    expect(said).toEqual([
      `warning: cannot remove what earlier replicas left on ${fake.host}: GET /volumes: 500 {"message":"disk"}`,
    ]);
    fail("memory");
    await run();
    expect(said).toHaveLength(2);
    fake.answers.delete("GET /volumes");
    await run();
    expect(said).toHaveLength(3);
    expect(readFileSync(join(places, "reported"), "utf8")).toBe("");
    fail("memory");
    await run();
    expect(said).toHaveLength(4);
  });
});
