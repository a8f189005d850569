import { setTimeout as sleep } from "node:timers/promises";
import { AwakeTime } from "../system/clock";
import { withoutRunners } from "./config-toml";
import { overwrite, readIfThere, writePrivate } from "../system/files";
import { readMetrics, type RunnerMetrics } from "./metrics";
import type { ReplicaPaths } from "../system/paths";
import type { StateFile } from "../system/state-file";
import type { RunnerProcess } from "./process";

/** Longest waits. */
export interface PauseTimeouts {
  /** For gitlab-runner's workers, which it has once it handles signals. */
  readonly beginMs: number;
  /** For a reload. gitlab-runner also checks its file every 3 s. */
  readonly reloadMs: number;
  /** For open job requests. GitLab holds one for 50 s if there is no job. */
  readonly requestsMs: number;
}

const TIMEOUTS: PauseTimeouts = { beginMs: 10_000, reloadMs: 10_000, requestsMs: 65_000 };

const POLL_MS = 15;

export interface PollingContext {
  readonly paths: Pick<ReplicaPaths, "config">;
  readonly state: Pick<StateFile, "metricsPort" | "concurrent">;
  readonly runner: RunnerProcess;
}

/** The state of gitlab-runner's polling. */
export type PollingState =
  /** No job request is open and none will begin, so gitlab-runner may quit. */
  | "paused"
  /** A job request has been open for too long, or gitlab-runner does not report its requests. */
  | "timed-out"
  /** gitlab-runner has no worker: it runs no job and does not handle signals yet. */
  | "not-ready";

/**
 * Stops gitlab-runner from beginning job requests, and waits until none is open. SIGQUIT alone
 * would cancel an open request, and lose a job that GitLab assigns at that moment.
 *
 * gitlab-runner feeds its `[[runners]]` entries to workers through a channel. A worker asks for a
 * job and runs it. When all workers are busy, one entry is already queued and survives a reload;
 * the next free worker would poll with it. The reload that removes the runners therefore also adds
 * a worker. That worker drains the entry, and drops it because of the runner's `limit`.
 */
export async function pausePolling(
  context: PollingContext,
  timeouts: PauseTimeouts = TIMEOUTS,
): Promise<PollingState> {
  const { paths, state, runner } = context;
  const waitUntil = (timeoutMs: number, isEnough: (metrics: RunnerMetrics) => boolean) =>
    waitForMetrics(state.metricsPort, runner, timeoutMs, isEnough);
  const ready = await waitUntil(
    timeouts.beginMs,
    ({ workers, state: now }) => workers > 0 || isEnding(now),
  );
  if (ready === undefined && (await readMetrics(state.metricsPort)) !== undefined) {
    return "not-ready";
  }
  // A stop process that was killed has already sent SIGQUIT.
  if (ready !== undefined && isEnding(ready.state)) return "paused";
  const text = readIfThere(paths.config);
  const workers = state.concurrent + 1;
  const reload = (count: number) =>
    text !== undefined &&
    tryToWrite(paths.config, withoutRunners(text, count)) &&
    reloadConfig(runner);
  if (!reload(workers)) {
    // gitlab-runner keeps polling, but pauses between requests. A stop right after a request is
    // nearly as safe.
    const pause = await waitUntil(timeouts.requestsMs, ({ openRequests }) => openRequests === 0);
    return pause === undefined ? "timed-out" : "paused";
  }
  const reloaded = await waitUntil(timeouts.reloadMs, (metrics) => metrics.workers >= workers);
  if (reloaded !== undefined && state.concurrent > 1) {
    // A worker that gets a job from an open request passes the runner on to another worker.
    // Removing the idle workers keeps them from polling with it.
    const busy = Math.max(1, reloaded.jobs + reloaded.openRequests);
    reload(busy);
  }
  let before: RunnerMetrics | undefined;
  const paused = await waitUntil(timeouts.requestsMs, (metrics) => {
    const settled = before !== undefined && isSettled(before, metrics);
    before = metrics;
    return settled;
  });
  return reloaded === undefined || paused === undefined ? "timed-out" : "paused";
}

function isEnding(state: string): boolean {
  return state.endsWith("-shutdown");
}

function reloadConfig(runner: RunnerProcess): true {
  runner.signal("SIGHUP");
  return true;
}

/**
 * Writes the shorter configuration, even on a full disk.
 * @returns whether it could be written
 */
function tryToWrite(path: string, text: string): boolean {
  for (const write of [writePrivate, overwrite]) {
    try {
      write(path, text);
      return true;
    } catch {
      // On a full disk, only `overwrite` works.
    }
  }
  return false;
}

/** Whether no request is open in two readings, and none began and ended between them. */
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

/** @returns undefined if the metrics were not enough in time, or gitlab-runner exited */
async function waitForMetrics(
  port: number,
  runner: RunnerProcess,
  timeoutMs: number,
  isEnough: (metrics: RunnerMetrics) => boolean,
): Promise<RunnerMetrics | undefined> {
  const waited = new AwakeTime();
  while (runner.isAlive()) {
    const metrics = await readMetrics(port);
    if (metrics !== undefined && isEnough(metrics)) return metrics;
    if (waited.measureMs() > timeoutMs) return undefined;
    await sleep(POLL_MS);
  }
  return undefined;
}
