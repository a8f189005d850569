import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { EXIT } from "../../contract/exit-codes";
import { prepareRunFolder } from "../../runner-image/src/start/run-folder";
import { startJob, expectIntactLogs, tickingScript } from "../support/jobs";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { readRunnerCall } from "../support/scripted-runner";

/**
 * Runs entrypoint.sh with a tmpfs as its run folder.
 * @param options mount options
 */
const withTmpfs = (options: string) => [
  ...["unshare", "--mount", "sh", "-c"],
  `mkdir "$POOL_RUN" && mount -t tmpfs -o ${options} tmpfs "$POOL_RUN" && exec sh "$0"`,
];

/** Runs a command in the mount namespace of a replica. */
const inside = ({ child }: ReplicaProcess, ...command: readonly string[]) =>
  execa("nsenter", ["--mount", "--target", String(child.pid), ...command], { reject: false });

const runOf = ({ folder }: ReplicaProcess): string => join(folder, "run");

/** What can happen to the run folder. */
const FAILURES: Readonly<Record<string, (replica: ReplicaProcess) => Promise<void>>> = {
  "read-only": async (replica) => {
    const { exitCode } = await inside(replica, "mount", "-o", "remount,ro", runOf(replica));
    expect(exitCode).toBe(0);
  },
  full: async (replica) => {
    const { stderr } = await inside(
      replica,
      "sh",
      "-c",
      `cat /dev/zero >'${runOf(replica)}/filler'`,
    );
    expect(stderr).toContain("No space left on device");
  },
};

describe.each(Object.entries(FAILURES))("a replica whose run folder becomes %s", (_, fail) => {
  const shell = withTmpfs("size=128k,mode=700");

  it.concurrent("finishes its job on a stop signal, and deregisters", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ shell });
    const id = await startJob(fixture.gitlab, { script: tickingScript(5) });
    await replica.waitForState("online");
    await fail(replica);
    const at = replica.stop("SIGQUIT");

    expect((await replica.exit()).code).toBe(EXIT.ok);
    await expectIntactLogs(fixture.gitlab, [{ id }], 5, 1_000);
    expect((await fixture.gitlab.job({ id })).finishedAt ?? 0).toBeGreaterThan(at);
    expect(await fixture.systemIds()).toEqual([]);
    expect(replica.states()).toEqual(["starting", "online", "draining", "deregistered"]);
    expect(replica.log()).not.toMatch(/^ {4}at /m);
    await replica.leavesNoProcess();
  });

  it.concurrent("aborts its job on a second stop signal, and GitLab learns of it", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ shell });
    const id = await startJob(fixture.gitlab, { script: ["sleep 60"] });
    replica.stop();
    await replica.waitForState("draining");
    await fail(replica);
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.aborted);
    expect(exit.at - at).toBeLessThan(5_000);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "runner_interrupted" });
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("notices a second stop signal that follows at once", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ shell });
    const id = await startJob(fixture.gitlab, { script: ["sleep 60"] });
    await fail(replica);
    const at = replica.stop();
    // Before node listens. Without a pause, the kernel would merge the two signals.
    await sleep(20);
    replica.stop();
    const exit = await replica.exit();

    expect(exit.at - at).toBeLessThan(10_000);
    expect(await fixture.gitlab.job({ id })).toMatchObject({ failureReason: "runner_interrupted" });
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("lets an open job request end first", async () => {
    await using fixture = await createReplicaFixture();
    const script = { request: 2_000 };
    const { replica } = await startOnline(fixture, { shell, script });
    await fail(replica);
    replica.stop();
    await replica.waitForState("draining");
    await sleep(1_000);

    expect(readRunnerCall(replica.folder).signals).not.toContain("SIGQUIT");
  });

  it.concurrent("resumes its stop if the stop process is killed", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { shell, script: { jobs: 1, quit: 4_000 } });
    await fail(replica);
    replica.stop();
    await replica.waitForState("draining");
    process.kill(await replica.nodePid("stop"), "SIGKILL");

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(replica.states()).toEqual([
      "starting",
      "online",
      "draining",
      "draining",
      "deregistered",
    ]);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("deregisters when gitlab-runner exits unexpectedly", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture, { shell, clock: 20 });
    await fail(replica);
    process.kill(await replica.runnerPid(), "SIGKILL");

    expect((await replica.exit()).code).toBe(137);
    expect(await fixture.systemIds()).toEqual([]);
  });
});

describe("a replica that starts with an unusable run folder", () => {
  it("logs what a user without write access needs", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "run-")), "run");
    process.seteuid?.(65_534);
    try {
      expect(prepareRunFolder(folder)).toBe(
        `${folder} is not writable (EACCES): this replica runs as user 65534; mount a tmpfs on /run, for example with \`docker run --tmpfs /run:uid=65534\``,
      );
    } finally {
      process.seteuid?.(0);
    }
  });

  const READ_ONLY =
    "its file system is read-only; mount a tmpfs on /run, for example with `docker run --tmpfs /run`";

  it.concurrent("logs what a read-only folder needs, and sends no request", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ shell: withTmpfs("ro"), clock: 40 });

    expect((await replica.exit()).code).toBe(EXIT.internal);
    expect(await replica.waitForState("refused")).toBe(
      `this replica cannot start: ${runOf(replica)} is not writable (EROFS): ${READ_ONLY}`,
    );
    expect(replica.log()).not.toMatch(/^ {4}at /m);
    expect(await fixture.requests("POST /runners/verify")).toEqual([]);
  });
});
