import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { eventually } from "../support/eventually";
import { createReplicaFixture } from "../support/replica-fixture";
import { startSmallEngine, type SmallEngine } from "../support/small-engine";

const HELPER = "gitlab/gitlab-runner-helper:x86_64-v1";

async function listNames({ docker }: SmallEngine): Promise<readonly string[]> {
  return (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).sort();
}

describe("a replica whose engine's disk is full", () => {
  it("removes the oldest unused images until the disk is below the limit", async () => {
    await using engine = await startSmallEngine(400);
    await engine.load(HELPER, 20, 2016);
    await engine.load("used:1", 40, 2017);
    await engine.load("tagged:1", 40, 2018);
    await engine.load("older:1", 40, 2021);
    await engine.load("oldest:1", 40, 2020);
    await engine.load("newest:1", 40, 2022);
    await engine.docker.createContainer({ Image: "used:1" });
    await engine.docker.getImage("tagged:1").tag({ repo: "tagged", tag: "2" });
    // It then no longer knows when they arrived, except for the new tag.
    await engine.restart();
    await engine.load("loaded:1", 40, 2019);
    await execa("dd", ["if=/dev/zero", `of=${engine.disk}/fill`, "bs=1M"], { reject: false });

    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({
      env: {
        ...{ RUNNER_EXECUTOR: "docker", RUNNER_IMAGE: "job:1", DOCKER_HOST: engine.host },
        ...{ RUNNER_DOCKER_IMAGE_DISK_LIMIT: "85", POOL_DISK: engine.disk },
      },
    });
    const line = await eventually(
      () => replica.lines().find(({ message }) => message.startsWith("removed ")),
      { what: "the removal of images", timeoutMs: 60_000 },
    ).catch((cause: unknown) => {
      throw new Error(replica.log(), { cause });
    });

    expect(line.message).toMatch(
      /^removed 2 unused images \(oldest:1, older:1\), which freed (?:79|80|81)(?:\.\d)? MiB: the disk of the engine was 100% full and is now [78]\d% full \(`docker\.imageDiskLimit`: 85%\)$/,
    );
    expect(await listNames(engine)).toEqual(
      [HELPER, "used:1", "tagged:1", "tagged:2", "newest:1", "loaded:1"].sort(),
    );
  });
});
