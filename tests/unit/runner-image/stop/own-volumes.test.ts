import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { removeOwnVolumes } from "../../../../runner-image/src/stop/own-volumes";
import { monotonicMs } from "../../../../runner-image/src/system/clock";
import type { StateFile } from "../../../../runner-image/src/system/state-file";
import {
  ofJob,
  startLeftoversEngine,
  type LeftoversEngine,
} from "../../../support/leftovers-engine";

const OWN = "r_abcdOWNOWNOW";

let fake: LeftoversEngine;
let said: string[];
beforeEach(async () => {
  said = [];
  fake = await startLeftoversEngine();
  fake.objects.volumes = [
    { name: "tree", labels: ofJob(OWN) },
    { name: "cache", labels: ofJob(OWN, { "com.gitlab.gitlab-runner.type": "cache" }) },
    { name: "of another replica", labels: ofJob("r_abcdOTHEROTH") },
    { name: "not managed", labels: { "com.gitlab.gitlab-runner.runner.system_id": OWN } },
    { name: "without labels", labels: null },
  ];
});
afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

const FOREIGN = ["of another replica", "not managed", "without labels"];

function remove({ state = {}, forMs = 60_000, signal = new AbortController().signal } = {}) {
  const all: StateFile = {
    ...{ gitlabUrl: "", token: "", secrets: [], systemId: OWN, ownsSystemId: true, runnerId: 1 },
    ...{ ownsRunner: false, canRegister: false, place: "/places/1.0", engine: fake.engine },
    ...{ tidiesUp: true, poolOnNode: null },
    ...{ concurrent: 1, drainTimeoutSeconds: 0, metricsPort: 0, acceptedAtMs: 0 },
    ...{ tokenExpiresAt: null, imageLimit: null, ...state },
  };
  return removeOwnVolumes(all, { graceEndMs: monotonicMs() + forMs, signal }, (kind, message) => {
    said.push(`${kind}: ${message}`);
  });
}

const remaining = () => fake.objects.volumes.map(({ name }) => name);

describe("removeOwnVolumes", () => {
  it("removes the volumes of this replica's jobs, and no others", async () => {
    await remove();
    expect(remaining()).toEqual(FOREIGN);
    expect(said).toEqual([]);
  });

  it("does not rely on the engine's filter", async () => {
    const { volumes } = fake.objects;
    fake.answers.set("GET /volumes", {
      status: 200,
      body: { Volumes: volumes.map(({ name, labels }) => ({ Name: name, Labels: labels })) },
    });
    await remove();
    expect(remaining()).toEqual(FOREIGN);
  });

  it.each([
    ["`docker.tidy` is false", { tidiesUp: false }],
    ["another running replica may have the same system ID", { place: null }],
    ["no engine runs its jobs", { engine: null }],
  ])("asks nothing if %s", async (_, state) => {
    await remove({ state });
    expect(fake.asked).toEqual([]);
    expect(said).toEqual([]);
  });

  it("tries again while the engine removes the container that uses a volume", async () => {
    fake.inUse.add("tree");
    setTimeout(() => fake.inUse.delete("tree"), 300);
    await remove();
    expect(remaining()).toEqual(FOREIGN);
    expect(said).toEqual([]);
  });

  it("leaves a volume that stays in use, removes the others, and warns once", async () => {
    fake.inUse.add("tree");
    await remove();
    expect(remaining()).toEqual(["tree", ...FOREIGN]);
    expect(said).toEqual([
      `warning: volumes of jobs of ${OWN} remain on its engine: 1 of them are in use`,
    ]);
  });

  it("ends before the grace period does, and says how many remain", async () => {
    fake.removalMs = 700;
    const startedMs = monotonicMs();
    await remove({ forMs: 1_100 });
    expect(monotonicMs() - startedMs).toBeLessThan(2_000);
    expect(said).toEqual([
      `warning: volumes of jobs of ${OWN} remain on its engine: 1 of them, because time is up`,
    ]);
  });

  it("ends soon if the stop is forced", async () => {
    fake.removalMs = 10_000;
    const forced = new AbortController();
    setTimeout(() => {
      forced.abort();
    }, 100);
    const startedMs = monotonicMs();
    await remove({ signal: forced.signal });
    expect(monotonicMs() - startedMs).toBeLessThan(5_000);
    expect(said).toHaveLength(1);
  });

  it.each([
    ["answers with an error", { status: 500, body: { message: "no space left" } }],
    ["does not list volumes", { status: 404, body: "page not found" }],
  ])("warns and does not fail if the engine %s", async (_, answer) => {
    fake.answers.set("GET /volumes", answer);
    await remove();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^warning: volumes of jobs of r_abcdOWNOWNOW remain .* GET \/volumes: /,
    );
  });
});
