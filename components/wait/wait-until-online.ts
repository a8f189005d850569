import { setTimeout as sleep } from "node:timers/promises";
import { EngineError, type EngineApi } from "../../docker-engine/api";
import {
  assessRollout,
  countSteps,
  type Assessment,
  type Reasons,
  type Target,
} from "./assess-rollout";
import { findLastWords } from "./last-words";
import { LogFollower } from "./log-follower";
import { FIRST_STATE, nextStep } from "./next-step";
import { readSnapshot } from "./read-snapshot";
import { readLastLines } from "./recent-log";
import { RunningReports } from "./running-reports";
import type { ReplicaReport, ReportsByTask, Snapshot } from "./snapshot";
import { advance, extendDeadline, findDeadline, type Deadline } from "./update-policy";

/** How often the tasks are read while the log is followed. */
const INTERVAL_MS = 500;

/**
 * Waits until every replica of a service is online. It changes nothing, and asks an engine that
 * does not answer again.
 * @returns the reports of the replicas; none if their log cannot be read
 * @throws Error with the reason of each replica, as soon as waiting any longer would not help, and
 * at the latest after the timeout
 */
export async function waitUntilOnline(
  api: EngineApi,
  service: { readonly id: string; readonly name: string },
  target: Target,
  timeoutSeconds: number,
): Promise<ReportsByTask> {
  const startMs = Date.now();
  const reports = new Map<string, ReplicaReport>();
  const log = new LogFollower(api, service.id, reports);
  const running = new RunningReports(api, service.id, reports);
  try {
    let state = FIRST_STATE;
    let progress = { steps: 0, sinceMs: startMs };
    let isWatched = false;
    let deadline = findDeadline(timeoutSeconds, startMs, target.policy, undefined, progress);
    for (;;) {
      const snapshot = await tryToRead(api, service.id);
      let result: Assessment | Error;
      if (snapshot instanceof Error) result = snapshot;
      else {
        await running.refresh(snapshot, target);
        progress = advance(progress, countSteps(target, snapshot, reports), Date.now());
        const { update } = snapshot;
        deadline = findDeadline(timeoutSeconds, startMs, target.policy, update, progress);
        result = assessRollout(target, snapshot, reports);
        isWatched ||= result.kind === "watched";
        if (isWatched) deadline = extendDeadline(deadline, target.policy, progress);
      }
      const step = nextStep(state, result, Date.now(), deadline.atMs);
      switch (step.kind) {
        case "online":
          return reports;
        case "failed":
          throw new Error(
            describeFailure(service.name, await collectReasons(api, service.id, step.assessment)),
          );
        case "timed out":
          throw new Error(
            describeTimeout(service.name, await collectReasons(api, service.id, step), deadline),
          );
        case "again":
          state = step.state;
          if (!(snapshot instanceof Error)) log.start(snapshot, target);
          if (step.graceMs !== undefined) await sleep(step.graceMs);
          else await log.next(Math.min(INTERVAL_MS, Math.max(0, deadline.atMs - Date.now())));
      }
    }
  } finally {
    log.stop();
  }
}

/**
 * @returns the error if a retry may succeed
 * @throws {EngineError} if the service does not exist
 */
async function tryToRead(api: EngineApi, serviceId: string): Promise<Snapshot | Error> {
  try {
    return await readSnapshot(api, serviceId);
  } catch (error) {
    const isDeleted = error instanceof EngineError && error.status === 404;
    if (isDeleted || !(error instanceof Error)) throw error;
    return error;
  }
}

/** Lists why the replicas are not online, with the end of the log of one that ended silently. */
async function collectReasons(
  api: EngineApi,
  serviceId: string,
  { reasons, silentTask }: Reasons,
): Promise<readonly string[]> {
  if (silentTask === undefined) return reasons;
  const words = findLastWords(await readLastLines(api, serviceId, silentTask));
  return words.length === 0 ? reasons : [...reasons, words.join("\n      ")];
}

function describeFailure(name: string, reasons: readonly string[]): string {
  return [`replicas of service ${name} failed to come online:`, ...reasons].join("\n  - ");
}

function describeTimeout(
  name: string,
  reasons: readonly string[],
  { awaits, description }: Deadline,
): string {
  const what = {
    replicas: `not all replicas of service ${name}`,
    update: `Swarm did not end the update of service ${name}`,
  };
  return [`${what[awaits]} ${description}:`, ...reasons].join("\n  - ");
}
