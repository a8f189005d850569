import { connectGitlab } from "./gitlab-api";
import type { Say } from "./log";
import type { ReplicaPaths } from "./paths";
import { removeRecord } from "./registration-record";
import { askToRemove, describeRemoval, GONE, isGone, removalOf } from "./removal";
import type { ReplicaState } from "./replica-state";
import { followLater, retry } from "./retry";

/** Longest and shortest wait for one answer (ms). GitLab may be slow, 30 s and more, and still do what it was asked. */
const ANSWER_TIMEOUT = 40_000;
const SHORTEST_TIMEOUT = 1_000;

/** The same for what is under way or asked when there is a hurry. */
const HURRIED_TIMEOUT = 2_000;

export interface Unregistering {
  readonly state: ReplicaState;
  readonly paths: ReplicaPaths;
  readonly say: Say;
  /** Epoch milliseconds; the last try begins before it. */
  readonly deadline: number;
  /** Ends the waiting: one more try, then it is over. */
  readonly signal: AbortSignal;
}

/**
 * Removes this replica from GitLab, and says so. GitLab's own words decide: 404 is a manager that is gone already, 403 a
 * token that GitLab knows no more.
 * @returns whether GitLab no longer has it
 */
export async function unregister({
  state,
  paths,
  say,
  deadline,
  signal,
}: Unregistering): Promise<boolean> {
  const gitlab = connectGitlab(state.gitlabUrl, paths.certificates);
  const removal = removalOf(state);
  const hurried = followLater(signal, HURRIED_TIMEOUT);
  const { answer, verdict } = await retry({
    ask: () => {
      const left = Math.max(SHORTEST_TIMEOUT, deadline - Date.now());
      return askToRemove(gitlab, removal, Math.min(ANSWER_TIMEOUT, left), hurried);
    },
    done: GONE,
    signal,
    deadline,
    onWait: ({ message }, ms) => {
      const seconds = (ms / 1000).toFixed(1);
      say(
        "waiting",
        `${removal.thing} is not removed yet: ${message}; trying again in ${seconds} s`,
      );
    },
  });
  const last = verdict === "stopped" ? await askToRemove(gitlab, removal, HURRIED_TIMEOUT) : answer;
  if (!isGone(last)) {
    say("left", `${removal.thing} is still in GitLab: ${last.message}; ${removal.otherwise}`);
    return false;
  }
  say("removed", describeRemoval(removal, last));
  if (state.ownsRunner) removeRecord(paths.record);
  return true;
}
