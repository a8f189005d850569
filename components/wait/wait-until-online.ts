import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "../../contract/duration";
import { EngineError, type EngineApi } from "../docker/engine-api";
import { decide, type Decision, type Goal, type SaidByTask } from "./decide";
import { LogFollower } from "./log-follower";
import { readService } from "./read-service";
import type { Said, Snapshot } from "./snapshot";

/** How often the tasks are looked at while the log is followed (ms). */
const INTERVAL = 500;

/** How long the log may take to tell the reason of a failure that the tasks show already (ms). */
const LOG_GRACE = 800;

/**
 * How long swarm may try in vain to start a replica (ms); it goes on longer only while a node is at it. The third try begins
 * after 5 s, and what kept the others may be gone by then.
 */
const STUCK_TIME = 10_000;

/**
 * Waits until every replica of a service is online; reads only. An engine that does not answer, or not now, is asked again.
 * @param timeout seconds
 * @returns what the replicas said; nothing where swarm called them running before they were listened to
 * @throws Error with the reason of each replica, as soon as waiting longer would not help and at the latest after the timeout
 */
export async function waitUntilOnline(
  api: EngineApi,
  service: { readonly id: string; readonly name: string },
  goal: Goal,
  timeout: number,
): Promise<SaidByTask> {
  const deadline = Date.now() + timeout * 1000;
  const said = new Map<string, Said>();
  const log = new LogFollower(api, service.id, said);
  try {
    let explained = false;
    let stuckUntil = Infinity;
    let known: readonly string[] = [];
    for (;;) {
      const seen = await tryToRead(api, service.id);
      const decision = seen instanceof Error ? unread(known, seen) : decide(goal, seen, said);
      if (decision.kind === "online") return said;
      if (!(seen instanceof Error)) {
        stuckUntil =
          decision.kind === "stuck" ? Math.min(stuckUntil, Date.now() + STUCK_TIME) : Infinity;
      }
      const isOver =
        decision.kind === "stuck"
          ? Date.now() >= stuckUntil && !decision.isTrying
          : decision.kind === "failed" && explained;
      if (isOver) throw new Error(message(service.name, decision));
      if (Date.now() >= deadline) throw new Error(message(service.name, decision, timeout));
      if (!(seen instanceof Error)) {
        known = decision.reasons;
        log.start(seen, goal);
      }
      if (decision.kind === "failed") {
        explained = true;
        await sleep(LOG_GRACE);
        continue;
      }
      await log.next(Math.min(INTERVAL, Math.max(0, deadline - Date.now())));
    }
  } finally {
    log.stop();
  }
}

/** @returns why it could not be read, where another try may help @throws {EngineError} if there is no such service */
async function tryToRead(api: EngineApi, serviceId: string): Promise<Snapshot | Error> {
  try {
    return await readService(api, serviceId);
  } catch (error) {
    const isGone = error instanceof EngineError && error.status === 404;
    if (isGone || !(error instanceof Error)) throw error;
    return error;
  }
}

/** What is known while Docker does not answer: its last answer, and why there is none now. */
function unread(known: readonly string[], { message: reason }: Error): Decision {
  return { kind: "waiting", reasons: [...known, `the service cannot be read now: ${reason}`] };
}

function message(name: string, decision: Decision, timeout?: number): string {
  const reasons = decision.kind === "online" ? [] : decision.reasons;
  const head =
    timeout === undefined
      ? `the replicas of ${name} do not come online:`
      : `the replicas of ${name} were not all online after ${formatDuration(timeout)} (\`onlineTimeout\`):`;
  return [head, ...reasons].join("\n  - ");
}
