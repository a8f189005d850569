import { signalUntilAcknowledged } from "../gitlab-runner/signal";
import type { Gitlab } from "../gitlab/client";
import type { StateFile } from "../system/state-file";
import type { RunnerProcess } from "../gitlab-runner/process";
import { checkStanding } from "./standing";

/** Why a replica's job requests fail. */
export interface Trouble {
  /** `none` if GitLab would accept them. */
  readonly kind: "none" | "waiting" | "refused";
  readonly message: string;
  /** GitLab no longer has the replica's runner, and a successor can register another runner. */
  readonly mustEnd: boolean;
}

/** @param statuses statuses of recent job requests; -1 means no response */
export async function findTrouble(
  gitlab: Gitlab,
  state: Pick<StateFile, "token" | "systemId" | "runnerId" | "canRegister">,
  statuses: readonly number[],
): Promise<Trouble> {
  const standing = await checkStanding(gitlab, state);
  switch (standing.kind) {
    case "no response":
      return waiting(`GitLab does not answer: ${standing.message}; gitlab-runner keeps trying`);
    case "refused":
      return standing.isGone && state.canRegister
        ? {
            kind: "refused",
            message: `GitLab no longer has runner ${state.runnerId} (${standing.message}): this replica exits after its running jobs, and its successor registers a new runner`,
            mustEnd: true,
          }
        : refused(
            `GitLab no longer accepts this replica: ${standing.message}; its runner was deleted, or its token was reset or has expired`,
          );
    case "accepted": {
      const lasting = statuses.find(isLasting);
      if (lasting !== undefined) return refused(describeStatus(lasting));
      return statuses.length === 0
        ? { kind: "none", message: "", mustEnd: false }
        : describeWait(statuses);
    }
  }
}

/** Whether a status of a job request is a rejection that will not pass by itself. */
export function isLasting(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Describes failures that will pass by themselves. */
export function describeWait([status = -1]: readonly number[]): Trouble {
  return waiting(`${describeStatus(status)}; gitlab-runner keeps trying`);
}

function describeStatus(status: number): string {
  if (status === 403) return "GitLab answers job requests with 403 Forbidden";
  return status < 0
    ? "GitLab does not answer job requests"
    : `GitLab answers job requests with ${status}`;
}

/** Lets gitlab-runner finish its jobs and exit. entrypoint.sh then deregisters the replica. */
export function endAfterJobs(
  runner: RunnerProcess,
  { metricsPort }: Pick<StateFile, "metricsPort">,
): Promise<void> {
  return signalUntilAcknowledged(runner, "SIGQUIT", metricsPort);
}

function waiting(message: string): Trouble {
  return { kind: "waiting", message, mustEnd: false };
}

function refused(message: string): Trouble {
  return { kind: "refused", message, mustEnd: false };
}
