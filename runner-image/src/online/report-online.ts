import { setTimeout as sleep } from "node:timers/promises";
import { formatOnlineMessage } from "../../../contract/online-message";
import { AwakeTime } from "../system/clock";
import { writePrivate } from "../system/files";
import { connectGitlab } from "../gitlab/client";
import type { Report } from "../log";
import { countServed, readMetrics } from "../gitlab-runner/metrics";
import type { ReplicaPaths } from "../system/paths";
import type { StateFile } from "../system/state-file";
import type { RunnerProcess } from "../gitlab-runner/process";
import { endAfterJobs, findTrouble, isLasting, describeWait, type Trouble } from "./trouble";

/** How often gitlab-runner's metrics are read, at first and after a long wait. */
const POLL_MS = 25;
const LONGEST_POLL_MS = 1_000;

/**
 * How long gitlab-runner may expose no metrics. It exposes them as soon as it has its
 * configuration. If another process has read its pipe, or has taken its port, it never does, and
 * nobody could see whether it polls.
 */
const SILENT_MS = 60_000;

/** How often to ask GitLab why no job request succeeds. */
const ASK_AGAIN_MS = 60_000;

export interface Waiting {
  readonly paths: Pick<ReplicaPaths, "online" | "certificates">;
  readonly state: StateFile;
  readonly runner: RunnerProcess;
  readonly report: Report;
}

/**
 * Waits until gitlab-runner polls and GitLab answers, then reports `online`. Returns silently if
 * gitlab-runner exits. Stops a gitlab-runner that exposes no metrics, and with it the replica.
 */
export async function reportOnline({ paths, state, runner, report }: Waiting): Promise<void> {
  const waited = new AwakeTime();
  let [reported, hasMetrics, askAtMs] = ["none", false, 0];
  while (runner.isAlive()) {
    const metrics = await readMetrics(state.metricsPort);
    if (metrics !== undefined && (countServed(metrics) > 0 || metrics.jobs > 0)) {
      writePrivate(paths.online, "");
      report("online", formatOnlineMessage(state));
      return;
    }
    hasMetrics ||= metrics !== undefined;
    if (!hasMetrics && waited.measureMs() > SILENT_MS) {
      report(
        "warning",
        `gitlab-runner has exposed no metrics for ${SILENT_MS / 1000} s: stopping it`,
      );
      runner.signal("SIGQUIT");
      return;
    }
    const statuses = [...(metrics?.answers.keys() ?? [])];
    if (statuses.length > 0 && waited.measureMs() >= askAtMs) {
      const { kind, message, mustEnd } = await explain(paths, state, statuses);
      if (kind !== "none" && kind !== reported) report(kind, message);
      if (mustEnd) return endAfterJobs(runner, state);
      [reported, askAtMs] = [kind, waited.measureMs() + ASK_AGAIN_MS];
    }
    await sleep(Math.min(LONGEST_POLL_MS, POLL_MS + waited.measureMs() / 20));
  }
}

/**
 * Finds out why no job request succeeds. GitLab accepted the replica a moment ago, so it is asked
 * only if something rejects the job requests.
 */
function explain(
  { certificates }: Waiting["paths"],
  state: StateFile,
  statuses: readonly number[],
): Promise<Trouble> {
  return statuses.some(isLasting)
    ? findTrouble(connectGitlab(state.gitlabUrl, certificates), state, statuses)
    : Promise.resolve(describeWait(statuses));
}
