import { monotonicMs } from "../system/clock";
import { connectGitlab } from "./client";
import type { Report } from "../log";
import type { ReplicaPaths } from "../system/paths";
import { forgetRunner } from "../system/registration-file";
import { askToRemove, describeRemoval, FINAL, isGone, planRemoval } from "./removal";
import type { StateFile } from "../system/state-file";
import { followLater, retry } from "./retry";

/**
 * Longest and shortest wait for one response. GitLab may take 30 s and more, and still act on the
 * request.
 */
const RESPONSE_TIMEOUT_MS = 40_000;
const SHORTEST_TIMEOUT_MS = 1_000;

/** Longest wait for a request that is in flight or sent when the stop is forced. */
const FORCED_TIMEOUT_MS = 2_000;

export interface Deregistering {
  readonly state: StateFile;
  readonly paths: ReplicaPaths;
  readonly report: Report;
  /** By `monotonicMs`; the last attempt begins before it. */
  readonly deadlineMs: number;
  /** Ends the retries: one last attempt follows. */
  readonly signal: AbortSignal;
}

/**
 * Deregisters this replica and reports the result. Only GitLab's own responses count: 404 means
 * that the manager is already gone, 403 that GitLab no longer knows the token.
 * @returns whether GitLab no longer has the replica
 */
export async function deregister({
  state,
  paths,
  report,
  deadlineMs,
  signal,
}: Deregistering): Promise<boolean> {
  const gitlab = connectGitlab(state.gitlabUrl, paths.certificates);
  const removal = planRemoval(state);
  const forced = followLater(signal, FORCED_TIMEOUT_MS);
  const { result, verdict } = await retry({
    ask: () => {
      const leftMs = Math.max(SHORTEST_TIMEOUT_MS, deadlineMs - monotonicMs());
      return askToRemove(gitlab, removal, Math.min(RESPONSE_TIMEOUT_MS, leftMs), forced);
    },
    done: FINAL,
    signal,
    deadlineMs,
    onWait: ({ message }, ms) => {
      const seconds = (ms / 1000).toFixed(1);
      report(
        "waiting",
        `${removal.thing} is not deleted yet: ${message}; retrying in ${seconds} s`,
      );
    },
  });
  const last =
    verdict === "stopped" ? await askToRemove(gitlab, removal, FORCED_TIMEOUT_MS) : result;
  if (!isGone(last, removal)) {
    report(
      "not deregistered",
      `${removal.thing} is still in GitLab: ${last.message}; ${removal.otherwise}`,
    );
    return false;
  }
  report("deregistered", describeRemoval(removal, last));
  if (state.ownsRunner) forgetRunner(paths, state.token);
  return true;
}
