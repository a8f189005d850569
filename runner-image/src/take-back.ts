import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, type ExitCode } from "../../contract/exit-codes";
import type { Gitlab } from "./gitlab-api";
import type { Say } from "./log";
import { unknownRunner, type Asked } from "./register";
import { askToRemove, describeRemoval, isGone, removalOf } from "./removal";
import type { ReplicaState } from "./replica-state";

const POLL_MS = 250;
const ANSWER_TIMEOUT = 1_000;

export interface TakingBack {
  readonly gitlab: Gitlab;
  readonly state: ReplicaState;
  readonly say: Say;
  /** Epoch milliseconds; the last try begins before it. */
  readonly deadline: number;
}

/**
 * Removes from GitLab what it may have made for a replica that was stopped before it had GitLab's answer.
 * @returns the replica's exit code
 */
export async function takeBack(asked: Asked, context: TakingBack): Promise<ExitCode> {
  const { state, say } = context;
  switch (asked.for) {
    case "nothing":
      say("removed", "GitLab knows nothing of this replica yet");
      return EXIT.ok;
    case "runner":
      say("left", `GitLab did not answer, so that ${unknownRunner(state.systemId)}`);
      return EXIT.left;
    case "manager":
      return takeManagerBack({ ...context, state: { ...state, token: asked.token } });
  }
}

/** GitLab may make the manager any time yet, so it is asked until the deadline, also after it says that there is none. */
async function takeManagerBack({ gitlab, state, say, deadline }: TakingBack): Promise<ExitCode> {
  const removal = removalOf({ ...state, ownsRunner: false });
  for (;;) {
    const answer = await askToRemove(gitlab, removal, ANSWER_TIMEOUT);
    const final = answer.kind === "status" && (answer.status === 204 || answer.status === 403);
    if (final || (Date.now() >= deadline && isGone(answer))) {
      say("removed", describeRemoval(removal, answer));
      return EXIT.ok;
    }
    if (Date.now() >= deadline) {
      say("left", `${removal.thing} may be in GitLab: ${answer.message}; ${removal.otherwise}`);
      return EXIT.left;
    }
    await sleep(POLL_MS);
  }
}
