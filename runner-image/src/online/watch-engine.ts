import { setTimeout as sleep } from "node:timers/promises";
import { AwakeTime } from "../system/clock";
import { formatAway, formatEngine, type Engine } from "../system/engine/engine";
import { probeEngine, type EngineAnswer } from "../system/engine/probe";
import { exists } from "../system/files";
import type { ReplicaPaths } from "../system/paths";
import type { StateFile } from "../system/state-file";
import { waitAfter } from "../gitlab/retry";
import { countServed, readMetrics } from "../gitlab-runner/metrics";
import type { RunnerProcess } from "../gitlab-runner/process";
import { isSuspended, resumePolling, suspendPolling } from "../gitlab-runner/suspend-polling";
import type { Report } from "../log";
import { watch, WATCH_EXIT, type Reported, type WatchExit } from "./watch";

/** How long an engine may take to answer: longer than at the start, because jobs keep it busy. */
const ANSWER_TIMEOUT_MS = 20_000;

/** An engine that did not answer is asked again after this time, because it may just restart. */
const CONFIRM_MS = 3_000;

/**
 * An engine that was away must answer this often in a row. One that restarts again and again
 * therefore neither floods the log nor gets jobs.
 */
const STEADY_ANSWERS = 7;
const STEADY_PAUSE_MS = 5_000;

/** How many reasons are reported until the engine answers again. */
const MAX_REASONS = 5;

/** GitLab holds a job request for 50 s if there is no job. */
const SERVED_TIMEOUT_MS = 65_000;
const SERVED_POLL_MS = 250;

export interface EngineWatching {
  readonly paths: Pick<
    ReplicaPaths,
    "config" | "fullConfig" | "stoppedAt" | "online" | "certificates"
  >;
  readonly state: StateFile;
  readonly runner: RunnerProcess;
  readonly report: Report;
  /** The state that the replica reported last. */
  readonly reported: Reported;
}

/**
 * Asks a replica's engine after a job has failed. If the engine is away, suspends polling until it
 * answers. The replica keeps its manager and stays healthy, because a replacement would have to
 * wait for the same engine.
 */
export async function watchEngine(context: EngineWatching): Promise<WatchExit> {
  const { paths, state, runner, report, reported } = context;
  const { engine } = state;
  if (engine === null) return WATCH_EXIT[reported];
  const { signal } = new AbortController();
  const outage: Outage = {
    ask: () => probeEngine(engine, signal, ANSWER_TIMEOUT_MS),
    pause: (ms) => sleep(ms),
    isStopping: () => !runner.isAlive() || exists(paths.stoppedAt),
    onReason: createReasonReport(engine, report),
  };
  if (await isAway(outage)) await trySuspend(context);
  else if (!isSuspended(paths)) return WATCH_EXIT[reported];
  if (!(await awaitSteadyAnswers(outage))) return WATCH_EXIT.ended;
  const before = await countAnswered(state);
  resumePolling(paths, runner);
  if (await isServed(context, before)) {
    return watch({ ...context, reported: "waiting", seen: "served", statuses: [] });
  }
  report(
    "waiting",
    `the Docker engine at ${formatEngine(engine)} answers again, but GitLab has not answered a job request since; gitlab-runner keeps trying`,
  );
  return WATCH_EXIT.waiting;
}

/** What the wait for an engine needs. */
export interface Outage {
  readonly ask: () => Promise<EngineAnswer>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Whether gitlab-runner has exited, or the replica stops. */
  readonly isStopping: () => boolean;
  /** Called whenever the engine is found away. */
  readonly onReason: (reason: string) => void;
}

/** Whether an engine is away twice in a row. */
export async function isAway({ ask, pause, isStopping, onReason }: Outage): Promise<boolean> {
  if ((await ask()).kind === "ready") return false;
  await pause(CONFIRM_MS);
  const answer = await ask();
  if (answer.kind === "ready" || isStopping()) return false;
  onReason(answer.reason);
  return true;
}

/** Waits until an engine answers steadily. @returns false if the replica stops before */
export async function awaitSteadyAnswers(outage: Outage): Promise<boolean> {
  const { ask, pause, isStopping, onReason } = outage;
  let [answers, failures] = [0, 0];
  while (!isStopping()) {
    const answer = await ask();
    if (answer.kind === "ready") {
      [answers, failures] = [answers + 1, 0];
      if (answers >= STEADY_ANSWERS) return !isStopping();
      await pause(STEADY_PAUSE_MS);
    } else {
      [answers, failures] = [0, failures + 1];
      onReason(answer.reason);
      await pause(waitAfter(failures, undefined, Math.random()));
    }
  }
  return false;
}

/**
 * Returns a function that reports each reason once, even if reasons take turns, and not many of
 * them, because a reason may quote a text that is different each time.
 */
export function createReasonReport(engine: Engine, report: Report): (reason: string) => void {
  const told = new Set<string>();
  return (reason) => {
    if (told.has(reason) || told.size >= MAX_REASONS) return;
    told.add(reason);
    report("waiting", formatAway(engine, reason));
  };
}

async function trySuspend({ paths, state, runner, report }: EngineWatching): Promise<void> {
  try {
    await suspendPolling({ paths, state, runner });
  } catch (error) {
    report("warning", `cannot stop asking GitLab for jobs, which fail: ${String(error)}`);
  }
}

/** @returns how many job requests GitLab has answered so far */
async function countAnswered({ metricsPort }: StateFile): Promise<number> {
  const metrics = await readMetrics(metricsPort);
  return metrics === undefined ? 0 : countServed(metrics);
}

/** Whether GitLab answers a job request in time. @param before how many it had answered before */
async function isServed({ state, runner }: EngineWatching, before: number): Promise<boolean> {
  const waited = new AwakeTime();
  while (runner.isAlive() && waited.measureMs() < SERVED_TIMEOUT_MS) {
    if ((await countAnswered(state)) > before) return true;
    await sleep(SERVED_POLL_MS);
  }
  return false;
}
