import { setTimeout as sleep } from "node:timers/promises";
import { withoutRunners } from "./config-toml";
import { exists, readIfThere, writePrivate } from "./files";
import { readMetrics, type RunnerMetrics } from "./metrics";
import type { ReplicaPaths } from "./paths";
import type { ReplicaState } from "./replica-state";
import type { RunnerProcess } from "./runner-process";

/** Longest waits (ms). */
export interface QuietTimes {
  /** For gitlab-runner's workers, which it has once it heeds signals. */
  readonly begin: number;
  /** For a reload; gitlab-runner also looks by itself every 3 s. */
  readonly reload: number;
  /** For open job requests: GitLab holds one for 50 s if there is no job. */
  readonly requests: number;
}

const TIMES: QuietTimes = { begin: 10_000, reload: 10_000, requests: 65_000 };

const POLL_MS = 15;

export interface Quieting {
  readonly paths: Pick<ReplicaPaths, "config" | "configBefore">;
  readonly state: Pick<ReplicaState, "metricsPort" | "concurrent">;
  readonly runner: RunnerProcess;
}

/** How gitlab-runner was left. */
export type Quiet =
  /** No job request is open and none will begin: it may be told to quit. */
  | "quiet"
  /** A job request has been open for too long, or gitlab-runner does not say. */
  | "given up"
  /** gitlab-runner has no worker: it runs no job, and does not heed signals yet. */
  | "not begun";

/**
 * Makes gitlab-runner begin no further job request, and waits until none is open. SIGQUIT alone would cancel an open one,
 * and a job that GitLab gave in that moment would be lost.
 *
 * gitlab-runner hands its [[runners]] to workers; a worker asks for a job and runs it. With all workers busy, one more
 * hand-over is already waiting and outlives a reload: the next worker that gets free would ask with it. So the reload that
 * takes the runners away also adds a worker. It takes that last hand-over, and drops it because of the runner's `limit`.
 */
export async function quieten(context: Quieting, times: QuietTimes = TIMES): Promise<Quiet> {
  const { paths, state, runner } = context;
  const look = (timeout: number, isEnough: (metrics: RunnerMetrics) => boolean) =>
    waitForMetrics(state.metricsPort, runner, timeout, isEnough);
  const begun = await look(times.begin, ({ workers, state: now }) => workers > 0 || isEnding(now));
  if (begun === undefined && (await readMetrics(state.metricsPort)) !== undefined) {
    return "not begun";
  }
  // It was told to quit by a `stop` that was killed.
  if (begun !== undefined && isEnding(begun.state)) return "quiet";
  const text = readIfThere(paths.config);
  if (text === undefined) return "given up";
  if (!exists(paths.configBefore)) writePrivate(paths.configBefore, text);
  const workers = state.concurrent + 1;
  reload(paths.config, withoutRunners(text, workers), runner);
  const reloaded = await look(times.reload, (metrics) => metrics.workers >= workers);
  if (reloaded !== undefined && state.concurrent > 1) {
    // The job of an open request makes its worker hand the runner on: idle workers that would ask again are taken away.
    const busy = Math.max(1, reloaded.jobs + reloaded.openRequests);
    reload(paths.config, withoutRunners(text, busy), runner);
  }
  let before: RunnerMetrics | undefined;
  const quiet = await look(times.requests, (metrics) => {
    const settled = before !== undefined && isSettled(before, metrics);
    before = metrics;
    return settled;
  });
  return reloaded === undefined || quiet === undefined ? "given up" : "quiet";
}

function isEnding(state: string): boolean {
  return state.endsWith("-shutdown");
}

function reload(path: string, text: string, runner: RunnerProcess): void {
  writePrivate(path, text);
  runner.signal("SIGHUP");
}

/** No request is open in either of two looks, and none came and went between them. */
function isSettled(before: RunnerMetrics, now: RunnerMetrics): boolean {
  return (
    before.openRequests === 0 &&
    now.openRequests === 0 &&
    countAnswers(before) === countAnswers(now)
  );
}

function countAnswers({ answers }: RunnerMetrics): number {
  return [...answers.values()].reduce((sum, count) => sum + count, 0);
}

/** @returns undefined if it was not to be seen in time, or gitlab-runner ended */
async function waitForMetrics(
  port: number,
  runner: RunnerProcess,
  timeout: number,
  isEnough: (metrics: RunnerMetrics) => boolean,
): Promise<RunnerMetrics | undefined> {
  const deadline = Date.now() + timeout;
  while (runner.isAlive()) {
    const metrics = await readMetrics(port);
    if (metrics !== undefined && isEnough(metrics)) return metrics;
    if (Date.now() > deadline) return undefined;
    await sleep(POLL_MS);
  }
  return undefined;
}
