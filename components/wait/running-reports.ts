import type { EngineApi } from "../../docker-engine/api";
import type { Target } from "./assess-rollout";
import { readRecentReports } from "./recent-log";
import type { ReplicaReport, Snapshot } from "./snapshot";

/** How long the reports stay fresh while a running replica has not reported that it is online. */
const FRESH_MS = 2_000;

/**
 * Reads the latest reports of the replicas that Swarm calls running. The follower starts at the
 * missing replicas and sees no earlier lines, but an older replica may have reported that GitLab
 * rejects it.
 */
export class RunningReports {
  private readAtMs = -Infinity;

  constructor(
    private readonly api: EngineApi,
    private readonly serviceId: string,
    private readonly reports: Map<string, ReplicaReport>,
  ) {}

  /** Reads the reports again, unless all running replicas are online or the last ones are fresh. */
  async refresh({ tasks }: Snapshot, { generation }: Target): Promise<void> {
    const isKnown = tasks
      .filter((task) => task.generation === generation && task.desiredState === "running")
      .every(({ id, state }) => state !== "running" || this.reports.get(id)?.online === true);
    if (isKnown || performance.now() - this.readAtMs < FRESH_MS) return;
    await readRecentReports(this.api, this.serviceId, this.reports);
    this.readAtMs = performance.now();
  }
}
