import { setTimeout as sleep } from "node:timers/promises";
import { formatOnlineMessage } from "../../contract/online-message";
import { writePrivate } from "./files";
import type { Say } from "./log";
import { readMetrics, type RunnerMetrics } from "./metrics";
import type { ReplicaPaths } from "./paths";
import type { ReplicaState } from "./replica-state";
import type { RunnerProcess } from "./runner-process";

/** How often it looks (ms), at first and when it has waited for long. */
const POLL_MS = 25;
const LONGEST_POLL_MS = 1_000;

/**
 * How long gitlab-runner may not be heard of (ms). It serves metrics as soon as it has its configuration; if another process has
 * read the pipe that it waits at, or its port was taken in that moment, it never does, and nobody would know whether it polls.
 */
const SILENT_MS = 60_000;

/**
 * Waits until gitlab-runner polls and GitLab answers it, and says so; ends silently with gitlab-runner. One that is not heard of is
 * told to end, and the replica ends with it.
 */
export async function online(
  paths: ReplicaPaths,
  state: ReplicaState,
  runner: RunnerProcess,
  say: Say,
): Promise<void> {
  const began = Date.now();
  let said = "";
  let heard = false;
  while (runner.isAlive()) {
    const metrics = await readMetrics(state.metricsPort);
    if (metrics !== undefined && isServed(metrics)) {
      writePrivate(paths.online, "");
      say("online", formatOnlineMessage(state));
      return;
    }
    heard ||= metrics !== undefined;
    if (!heard && Date.now() - began > SILENT_MS) {
      say("warning", `gitlab-runner has not been heard of for ${SILENT_MS / 1000} s and is ended`);
      runner.signal("SIGQUIT");
      return;
    }
    const problem = metrics === undefined ? "" : problemIn(metrics);
    if (problem !== said && problem !== "") {
      say(problem === FORBIDDEN ? "refused" : "waiting", problem);
      said = problem;
    }
    await sleep(Math.min(LONGEST_POLL_MS, POLL_MS + (Date.now() - began) / 20));
  }
}

/** A job (201), none (204), or none because of a race (409): GitLab takes this replica for a runner. */
function isServed({ answers, jobs }: RunnerMetrics): boolean {
  return [201, 204, 409].some((status) => (answers.get(status) ?? 0) > 0) || jobs > 0;
}

const FORBIDDEN = "GitLab answers job requests with 403 Forbidden";

function problemIn({ answers }: RunnerMetrics): string {
  const statuses = [...answers.keys()];
  if (statuses.includes(403)) return FORBIDDEN;
  const [status] = statuses;
  if (status === undefined) return "";
  const what = status < 0 ? "does not answer job requests" : `answers job requests with ${status}`;
  return `GitLab ${what}; gitlab-runner tries again`;
}
