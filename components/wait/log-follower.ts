import type { ReplicaLine } from "../../contract/replica-log";
import type { EngineApi } from "../../docker-engine/api";
import type { Target } from "./assess-rollout";
import { followLog } from "./follow-log";
import { updateReport } from "./update-report";
import { findLogStart } from "./log-start";
import type { ReplicaReport, Snapshot } from "./snapshot";

/** Collects the reports of the replicas and ends a wait when one arrives. */
export class LogFollower {
  private readonly abort = new AbortController();
  private following = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly api: EngineApi,
    private readonly serviceId: string,
    private readonly reports: Map<string, ReplicaReport>,
  ) {}

  /** Starts to follow the log. Starts again if the engine has ended the previous stream. */
  start(snapshot: Snapshot, target: Target): void {
    const since = findLogStart(snapshot, target);
    if (this.following || since === undefined) return;
    this.following = true;
    followLog(this.api, this.serviceId, since, this.abort.signal, (id, line) => {
      this.record(id, line);
    })
      .catch(() => {
        // Some log drivers cannot be read. The task states show the reasons, too, but later.
      })
      .finally(() => {
        this.following = false;
      });
  }

  /** Waits for the next report of a replica, but no longer than `ms` milliseconds. */
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

  private record(taskId: string, line: ReplicaLine): void {
    this.reports.set(taskId, updateReport(this.reports.get(taskId), line));
    this.wake();
  }
}
