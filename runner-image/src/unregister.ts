import { connectGitlab, type Answer } from "./gitlab-api";
import type { Say } from "./log";
import type { ReplicaState } from "./replica-state";
import { retry } from "./retry";

/** Longest wait for one answer (ms). */
const ANSWER_TIMEOUT = 10_000;

export interface Unregistering {
  readonly state: ReplicaState;
  readonly certificates: string;
  readonly say: Say;
  /** Epoch milliseconds; the last try begins before it. */
  readonly deadline: number;
  /** Ends the waiting: one more try, then it is over. */
  readonly signal: AbortSignal;
}

/**
 * Removes this replica from GitLab: its runner if it registered it itself, else its manager alone, whatever the token's
 * prefix is. GitLab's own words decide: 404 is a manager that is gone already, 403 a token that GitLab knows no more.
 * @returns whether GitLab no longer has it
 */
export async function unregister({
  state,
  certificates,
  say,
  deadline,
  signal,
}: Unregistering): Promise<boolean> {
  const gitlab = connectGitlab(state.gitlabUrl, certificates);
  const { token, systemId, runnerId, ownsRunner } = state;
  const thing = ownsRunner ? `runner ${runnerId}` : `manager ${systemId} of runner ${runnerId}`;
  const path = ownsRunner ? "/runners" : "/runners/managers";
  const body = ownsRunner ? { token } : { token, system_id: systemId };
  const ask = () =>
    gitlab({
      method: "DELETE",
      path,
      body,
      timeout: Math.min(ANSWER_TIMEOUT, Math.max(1_000, deadline - Date.now())),
    });
  const { answer, verdict } = await retry({
    ask,
    done: [204, 403, 404],
    signal,
    deadline,
    onWait: (failed, ms) => {
      say(
        "waiting",
        `${thing} is not removed yet: ${failed.message}; trying again in ${(ms / 1000).toFixed(1)} s`,
      );
    },
  });
  const last = verdict === "stopped" ? await ask() : answer;
  const gone = isGone(last);
  if (!gone)
    say(
      "left",
      `${thing} is still in GitLab: ${last.message}; remove it there, or GitLab does after 7 days`,
    );
  else if (last.kind === "status" && last.status === 403) {
    say(
      "removed",
      `GitLab knows the token no more (${last.message}): the runner was deleted or its token reset, and nothing is left of this replica`,
    );
  } else say("removed", thing);
  return gone;
}

function isGone(answer: Answer): boolean {
  return answer.kind === "status" && [204, 403, 404].includes(answer.status);
}
