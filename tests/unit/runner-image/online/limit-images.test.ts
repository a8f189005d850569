import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { limitImages, readDiskUsage } from "../../../../runner-image/src/online/limit-images";
import { startImageEngine, type ImageEngine } from "../../../support/image-engine";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_800_000_000_000;

let folder: string;
let engine: ImageEngine;
/** Full percentages of the disk: one image takes 10. */
let usedPercent: () => number;
let said: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  engine = await startImageEngine(join(folder, "sock"));
  engine.images = [
    { id: "sha256:a", tags: ["a:1", "other/a:2"], builtMs: NOW_MS - 90 * HOUR_MS },
    { id: "sha256:b", digests: ["b@sha256:1"], builtMs: NOW_MS - 80 * HOUR_MS },
    { id: "sha256:c", builtMs: NOW_MS - 70 * HOUR_MS },
  ];
  usedPercent = () => 50 + 10 * engine.images.length;
  said = [];
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function limit(percent: number, nowMs = NOW_MS): Promise<void> {
  return limitImages({
    engine: { kind: "socket", path: join(folder, "sock") },
    limit: { percent, ownContainer: "own", helperImage: "helper:1" },
    record: join(folder, "run/images.json"),
    readUsage: () => ({ usedBytes: usedPercent() * 1024 ** 2, percent: usedPercent() }),
    report: (state, message) => said.push(`${state}: ${message}`),
    nowMs,
  });
}

describe("limitImages", () => {
  it("removes the oldest images with all their names until the disk is below the limit", async () => {
    await limit(60);
    expect(engine.removed()).toEqual(["a:1", "other/a:2", "sha256:a", "b@sha256:1", "sha256:b"]);
    expect(engine.images.map(({ id }) => id)).toEqual(["sha256:c"]);
    expect(said).toEqual([
      "warning: removed 2 unused images (a:1, b@sha256:1), which freed 20 MiB: the disk of the engine was 80% full and is now 60% full (`docker.imageDiskLimit`: 60%)",
    ]);
  });

  it("removes nothing while the disk is not fuller than the limit", async () => {
    await limit(80);
    expect(engine.removed()).toEqual([]);
    expect(said).toEqual([]);
  });

  it("removes images without a name", async () => {
    engine.images = [{ id: "sha256:c" }];
    await limit(50);
    expect(engine.removed()).toEqual(["sha256:c"]);
  });

  it("keeps images that containers use, its own ones and young ones, and says so once", async () => {
    engine.images = [
      { id: "sha256:used" },
      { id: "sha256:own", tags: ["runner:2"] },
      { id: "sha256:older", digests: ["runner@sha256:0"] },
      { id: "sha256:helper", tags: ["helper:2"] },
      { id: "sha256:built", builtMs: NOW_MS - HOUR_MS / 2 },
      { id: "sha256:tagged", taggedAt: new Date(NOW_MS - HOUR_MS / 2).toISOString() },
      { id: "sha256:pulled", tags: ["pulled:1"] },
      { id: "sha256:loaded" },
    ];
    engine.containers.set("c", "sha256:used").set("own", "sha256:own");
    const time = (NOW_MS - HOUR_MS / 2) / 1000;
    engine.events = [
      { time, Actor: { ID: "pulled:1", Attributes: { name: "pulled" } } },
      { time, Actor: { ID: "sha256:loaded" } },
      { time: "?" },
    ];
    await limit(60);
    await limit(60);
    expect(engine.removed()).toEqual([]);
    expect(said).toEqual([
      "warning: the disk of the engine is 130% full, above `docker.imageDiskLimit` (60%): all remaining images are in use or the runner's own or younger than an hour",
    ]);
    expect(engine.asked.find((request) => request.startsWith("GET /events"))).toContain(
      `since=${(NOW_MS - HOUR_MS) / 1000}&until=${NOW_MS / 1000}&`,
    );
  });

  it("keeps an image for an hour after it appeared between two checks", async () => {
    engine.images = [];
    await limit(60);
    engine.images = [{ id: "sha256:new", builtMs: 0 }, { id: "sha256:newer" }];
    await limit(60, NOW_MS + HOUR_MS);
    expect(engine.removed()).toEqual([]);
    await limit(60, NOW_MS + 2 * HOUR_MS - 1);
    expect(engine.removed()).toEqual([]);
    await limit(60, NOW_MS + 2 * HOUR_MS);
    expect(engine.removed()).toHaveLength(1);
  });

  it("keeps all names of an image that a job begins to use in the meantime", async () => {
    engine.onRemoval = () => engine.containers.set("job", "sha256:c");
    engine.images = [
      { id: "sha256:a", builtMs: 1 },
      { id: "sha256:c", tags: ["c:1", "c:2"], builtMs: 2 },
    ];
    await limit(50);
    expect(engine.removed()).toEqual(["sha256:a"]);
    expect(said[1]).toContain("all remaining images are in use");
  });

  it("goes to the next image if the engine does not remove one, and says why", async () => {
    engine.removalStatus = 500;
    await limit(50);
    expect(engine.removed()).toEqual(["a:1", "b@sha256:1", "sha256:c"]);
    expect(said).toEqual([
      expect.stringContaining("(50%): DELETE /images/a:1: the engine answered 500"),
    ]);
  });

  it("reports an engine that does not answer once, and again after it was below the limit", async () => {
    await engine[Symbol.asyncDispose]();
    await limit(50);
    await limit(50);
    expect(said).toEqual([expect.stringContaining("GET /images/json: ")]);
    const full = usedPercent;
    usedPercent = () => 10;
    await limit(50);
    usedPercent = full;
    await limit(50);
    expect(said).toHaveLength(2);
  });
});

describe("readDiskUsage", () => {
  it("measures the file system of a path", () => {
    const { usedBytes, percent } = readDiskUsage("/");
    expect(usedBytes).toBeGreaterThan(0);
    expect(percent).toBeGreaterThan(0);
    expect(percent).toBeLessThanOrEqual(100);
  });
});
