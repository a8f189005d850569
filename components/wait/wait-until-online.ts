import { formatDuration } from "../../contract/duration";
import type { ReplicaLine } from "../../contract/replica-log";
import type { EngineApi } from "../docker/engine-api";
import { decide, type Decision, type Goal } from "./decide";
import { followLog } from "./follow-log";
import { readService } from "./read-service";
import type { Said, Snapshot } from "./snapshot";

/** How often the tasks are looked at while the log is followed (ms). */
const INTERVAL = 500;

/**
 * Waits until every replica of a service is online; reads only.
 * @param timeout seconds
 * @throws Error with the reason of each replica, as soon as waiting longer would not help and at the latest after the timeout
 */
export async function waitUntilOnline(
  api: EngineApi,
  service: { readonly id: string; readonly name: string },
  goal: Goal,
  timeout: number,
): Promise<void> {
  const deadline = Date.now() + timeout * 1000;
  const said = new Map<string, Said>();
  const log = new LogFollower(api, service.id, said);
  try {
    for (;;) {
      const snapshot = await readService(api, service.id);
      const decision = decide(goal, snapshot, said);
      if (decision.kind === "online") return;
      if (decision.kind === "failed") throw new Error(message(service.name, decision));
      if (Date.now() >= deadline) throw new Error(message(service.name, decision, timeout));
      log.start(snapshot, goal);
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

/** Collects what the replicas say, and wakes the one that waits for it. */
class LogFollower {
  private readonly abort = new AbortController();
  private following = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly api: EngineApi,
    private readonly serviceId: string,
    private readonly said: Map<string, Said>,
  ) {}

  /** Begins at the oldest task of the goal's generation, once. */
  start({ tasks }: Snapshot, { generation }: Goal): void {
    const created = tasks
      .filter((task) => task.generation === generation)
      .map((task) => task.created);
    const oldest = created.sort()[0];
    if (this.following || oldest === undefined) return;
    this.following = true;
    followLog(this.api, this.serviceId, oldest, this.abort.signal, (id, line) => {
      this.hear(id, line);
    }).catch(() => {
      // A log driver that cannot be read: the states of the tasks tell the same, later.
    });
  }

  /** Waits for the next line of a replica, at most so long (ms). */
  async next(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop(): void {
    this.abort.abort();
  }

  private hear(taskId: string, line: ReplicaLine): void {
    const before = this.said.get(taskId);
    const online = line.state === "online" || (before?.online === true && line.state !== "refused");
    const telling = line.state === "waiting" || line.state === "refused" || line.state === "left";
    this.said.set(taskId, { online, last: telling ? line : before?.last });
    this.wake();
  }
}
