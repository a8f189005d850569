import { setTimeout as sleep } from "node:timers/promises";
import { envOf } from "../../contract/settings/keys";
import { interleave, type Bench } from "../bench";
import { HELD_POLL_SECONDS } from "../figures";
import { newestEvent, waitUntilOnline, waitUntilRemoved } from "../observe";
import { Replica, type Stop } from "../subjects/replica";

/** A replica polls every 3 s, so after this time the second poll has been answered or is held. */
const SETTLE_MS = 4_500;
/** Keeps the other runners of the benchmark from taking the job. */
const TAG = "stop";
const JOB_SECONDS = 2;
const JOB_TIMEOUT_MS = 60_000;

/**
 * Measures the time from the stop signal, or the end of the last job, until the manager is removed
 * from GitLab and the container has exited.
 */
export async function measureStop(bench: Bench, image: string): Promise<void> {
  await interleave(
    bench.signal,
    bench.rounds.many,
    () => stopIdle(bench, image, "stopIdle.pool"),
    () => stopBusy(bench, image),
  );
  await bench.gitlab.setSwitches({ longPollSeconds: HELD_POLL_SECONDS });
  for (let round = 0; round < bench.rounds.few; round++) {
    await stopIdle(bench, image, "stopHeld.pool");
  }
  await bench.gitlab.setSwitches({ longPollSeconds: 0 });
}

async function stopIdle(
  bench: Bench,
  image: string,
  series: "stopIdle.pool" | "stopHeld.pool",
): Promise<void> {
  await withReplica(bench, image, async ({ stop, runnerId }) => {
    // The signal then comes halfway between two polls, or during a held one.
    await sleep(SETTLE_MS);
    const after = await newestEvent(bench.gitlab);
    const { signalledAt, exitedAt } = await stop();
    const goneAt = await waitUntilRemoved(bench.gitlab, { runnerId, after, count: 1 });
    bench.recorder.add(series, (Math.max(exitedAt, goneAt) - signalledAt) / 1000);
  });
}

async function stopBusy(bench: Bench, image: string): Promise<void> {
  const { gitlab, platform, recorder } = bench;
  await withReplica(bench, image, async ({ stop, runnerId }) => {
    const after = await newestEvent(gitlab);
    const { id } = await gitlab.enqueueJob({
      script: [`sleep ${JOB_SECONDS}`],
      tags: [TAG],
      image: platform.images.job,
    });
    const until = ["running"] as const;
    await gitlab.waitForJob({ id, until, timeoutMs: JOB_TIMEOUT_MS });
    const [{ exitedAt }, job] = await Promise.all([
      stop(),
      gitlab.waitForJob({ id, timeoutMs: JOB_TIMEOUT_MS }),
    ]);
    if (job.status !== "success") {
      throw new Error(`the job is ${job.status}:\n${await gitlab.trace({ id })}`);
    }
    const ended = await gitlab.waitForEvent(
      (event) => event.kind === "job" && event.jobId === id && event.to === "success",
      { after, timeoutMs: JOB_TIMEOUT_MS, what: "the end of the job" },
    );
    const goneAt = await waitUntilRemoved(gitlab, { runnerId, after, count: 1 });
    recorder.add("stopBusy.pool", (Math.max(exitedAt, goneAt) - ended.at) / 1000);
  });
}

interface Running {
  readonly runnerId: number;
  readonly stop: () => Promise<Stop>;
}

async function withReplica(
  bench: Bench,
  image: string,
  use: (running: Running) => Promise<void>,
): Promise<void> {
  const { gitlab, platform } = bench;
  const { id: runnerId, token } = await gitlab.createRunner({ tags: [TAG] });
  const after = await newestEvent(gitlab);
  const env = {
    [envOf("docker.helperImage")]: platform.images.helper,
    [envOf("docker.pullPolicy")]: "if-not-present",
  };
  await using replica = await Replica.start(bench, { image, token, env });
  await waitUntilOnline(gitlab, { runnerId, after, count: 1 });
  await use({ runnerId, stop: () => replica.stop() });
}
