import { setTimeout as sleep } from "node:timers/promises";
import { formatOnlineMessage } from "../../contract/online-message";
import { writePrivate } from "./files";
import type { Say } from "./log";
import { readMetrics, type RunnerMetrics } from "./metrics";
import type { ReplicaPaths } from "./paths";
import type { ReplicaState } from "./replica-state";
import type { RunnerProcess } from "./runner-process";

const POLL_MS = 25;

/** Waits until gitlab-runner polls and GitLab answers it, and says so; ends silently with gitlab-runner. */
export async function online(
  paths: ReplicaPaths,
  state: ReplicaState,
  runner: RunnerProcess,
  say: Say,
): Promise<void> {
  let refused = false;
  while (runner.isAlive()) {
    const metrics = await readMetrics(state.metricsPort);
    if (metrics !== undefined && isServed(metrics)) {
      writePrivate(paths.online, "");
      say("online", formatOnlineMessage(state));
      return;
    }
    if (!refused && (metrics?.answers.get(403) ?? 0) > 0) {
      refused = true;
      say("refused", "GitLab answers job requests with 403 Forbidden");
    }
    await sleep(POLL_MS);
  }
}

/** A job (201), none (204), or none because of a race (409): GitLab takes this replica for a runner. */
function isServed({ answers, jobs }: RunnerMetrics): boolean {
  return [201, 204, 409].some((status) => (answers.get(status) ?? 0) > 0) || jobs > 0;
}
