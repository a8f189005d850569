import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "../../contract/duration";
import type { EngineApi } from "../docker/engine-api";
import { decide, type Decision, type Goal, type SaidByTask } from "./decide";
import { LogFollower } from "./log-follower";
import { readService } from "./read-service";
import type { Said } from "./snapshot";

/** How often the tasks are looked at while the log is followed (ms). */
const INTERVAL = 500;

/** How long the log may take to tell the reason of a failure that the tasks show already (ms). */
const LOG_GRACE = 800;

/**
 * Waits until every replica of a service is online; reads only.
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
    for (;;) {
      const snapshot = await readService(api, service.id);
      const decision = decide(goal, snapshot, said);
      if (decision.kind === "online") return said;
      if (decision.kind === "failed" && explained) throw new Error(message(service.name, decision));
      if (Date.now() >= deadline) throw new Error(message(service.name, decision, timeout));
      log.start(snapshot, goal);
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

function message(name: string, decision: Decision, timeout?: number): string {
  const reasons = decision.kind === "online" ? [] : decision.reasons;
  const head =
    timeout === undefined
      ? `the replicas of ${name} do not come online:`
      : `the replicas of ${name} were not all online after ${formatDuration(timeout)} (\`onlineTimeout\`):`;
  return [head, ...reasons].join("\n  - ");
}
