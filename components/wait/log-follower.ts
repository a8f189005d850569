import { parseOnlineMessage } from "../../contract/online-message";
import type { ReplicaLine } from "../../contract/replica-log";
import type { EngineApi } from "../docker/engine-api";
import type { Goal } from "./decide";
import { followLog } from "./follow-log";
import type { Said, Snapshot } from "./snapshot";

/** Collects what the replicas say, and wakes the one that waits for it. */
export class LogFollower {
  private readonly abort = new AbortController();
  private following = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly api: EngineApi,
    private readonly serviceId: string,
    private readonly said: Map<string, Said>,
  ) {}

  /** Begins at the oldest task of the goal's generation; again, if the engine ended the log meanwhile. */
  start({ tasks }: Snapshot, { generation }: Goal): void {
    const created = tasks
      .filter((task) => task.generation === generation)
      .map((task) => task.created);
    const oldest = created.sort()[0];
    if (this.following || oldest === undefined) return;
    this.following = true;
    followLog(this.api, this.serviceId, oldest, this.abort.signal, (id, line) => {
      this.hear(id, line);
    })
      .catch(() => {
        // A log driver that cannot be read: the states of the tasks tell the same, later.
      })
      .finally(() => {
        this.following = false;
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
    const tokenExpiresAt = parseOnlineMessage(line.message)?.tokenExpiresAt;
    this.said.set(taskId, {
      online,
      last: telling ? line : before?.last,
      tokenExpiresAt: tokenExpiresAt ?? before?.tokenExpiresAt,
    });
    this.wake();
  }
}
