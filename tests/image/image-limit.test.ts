import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { eventually } from "../support/eventually";
import { startImageEngine } from "../support/image-engine";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { createSocketFolder } from "../support/socket-folder";

const sockets = createSocketFolder();
afterAll(sockets.remove);

/** Starts a replica that looks at its disk every 50 ms. */
function start(
  fixture: ReplicaFixture,
  path: string,
  limit: string | undefined,
): Promise<ReplicaProcess> {
  return fixture.replica({
    env: {
      ...{ RUNNER_EXECUTOR: "docker", RUNNER_IMAGE: "job", DOCKER_HOST: `unix://${path}` },
      ...{ RUNNER_DOCKER_HELPER_IMAGE: "helper:1", POOL_WATCH: "0.05" },
      ...(limit === undefined ? {} : { RUNNER_DOCKER_IMAGE_DISK_LIMIT: limit }),
    },
  });
}

describe("a replica with a limit of its disk", () => {
  it.concurrent("removes unused images, but only after it is online", async () => {
    await using fixture = await createReplicaFixture();
    const path = sockets.next();
    await using engine = await startImageEngine(path);
    engine.images = [
      { id: "sha256:a", tags: ["a:1"] },
      { id: "sha256:h", tags: ["helper:2"] },
    ];
    // Every disk is fuller than that.
    const replica = await start(fixture, path, "1");
    // Each name, then the image itself.
    const removed = ["a:1", "sha256:a"];
    await eventually(() => engine.removed().length >= removed.length, {
      what: "a removal",
      timeoutMs: 60_000,
    });
    expect(engine.removed()).toEqual(removed);
    expect(replica.states()).toContain("online");
    const warnings = await eventually(
      () => {
        const found = replica.lines().filter(({ state }) => state === "warning");
        return found.length >= 2 && found.map(({ message }) => message);
      },
      { what: "two warnings", timeoutMs: 30_000 },
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^removed 1 unused image \(a:1\), which freed /),
      expect.stringMatching(/ above `docker\.imageDiskLimit` \(1%\): .* the runner's own$/),
    ]);
    // It looks again, and notices an image that appears, but keeps it for an hour.
    engine.images = [...engine.images, { id: "sha256:b", tags: ["b:1"] }];
    const record = join(replica.folder, "run/images.json");
    await eventually(() => readFileSync(record, "utf8").includes("sha256:b"), {
      what: "another look at the images",
      timeoutMs: 60_000,
    });
    expect(engine.removed()).toEqual(removed);

    replica.stop("SIGQUIT");
    expect((await replica.exit()).code).toBe(EXIT.ok);
    await replica.leavesNoProcess();
    expect(existsSync(record)).toBe(false);
  });

  it.concurrent(
    "removes none while the disk is not that full, and does not look often",
    async () => {
      await using fixture = await createReplicaFixture();
      const path = sockets.next();
      await using engine = await startImageEngine(path);
      engine.images = [{ id: "sha256:a", tags: ["a:1"] }];
      const replica = await start(fixture, path, "99");
      await replica.waitForState("online");
      await eventually(() => engine.asked.some((request) => request === "GET /images/json"), {
        what: "the first look",
        timeoutMs: 30_000,
      });
      await sleep(2_000);

      expect(engine.removed()).toEqual([]);
      const looks = engine.asked.filter((request) => request === "GET /images/json");
      expect(looks).toHaveLength(1);
      expect(replica.states()).toEqual(["starting", "online"]);
    },
  );

  it.concurrent("removes none without a limit", async () => {
    await using fixture = await createReplicaFixture();
    const path = sockets.next();
    await using engine = await startImageEngine(path);
    engine.images = [{ id: "sha256:a", tags: ["a:1"] }];
    const replica = await start(fixture, path, undefined);
    await replica.waitForState("online");
    await sleep(3_000);

    expect(engine.asked.filter((request) => request.includes("/images"))).toEqual([]);
  });
});
