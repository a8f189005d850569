import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, type ExitCode } from "../../../contract/exit-codes";
import { monotonicMs } from "../system/clock";
import type { Gitlab } from "../gitlab/client";
import type { Report } from "../log";
import { describeUnknownRunner, type PendingRequest } from "./register";
import { askToRemove, describeRemoval, isGone, planRemoval } from "../gitlab/removal";
import type { StateFile } from "../system/state-file";

const POLL_MS = 250;
const RESPONSE_TIMEOUT_MS = 1_000;

export interface UndoContext {
  readonly gitlab: Gitlab;
  readonly state: StateFile;
  readonly report: Report;
  /** By `monotonicMs`; the last attempt begins before it. */
  readonly deadlineMs: number;
}

/**
 * Deletes what GitLab may have created for a replica that was stopped before GitLab's response
 * arrived.
 * @returns the replica's exit code
 */
export async function undoRegistration(
  asked: PendingRequest,
  context: UndoContext,
): Promise<ExitCode> {
  const { state, report } = context;
  switch (asked.for) {
    case "nothing":
      report("deregistered", "not registered with GitLab yet; nothing to clean up");
      return EXIT.ok;
    case "runner":
      report("not deregistered", `GitLab did not answer: ${describeUnknownRunner(state.systemId)}`);
      return EXIT.notDeregistered;
    case "manager":
      return undoManager({ ...context, state: { ...state, token: asked.token } });
  }
}

/**
 * Deletes the manager. GitLab may still be about to create it, so this repeats until the deadline,
 * even after GitLab answers that the manager does not exist.
 */
async function undoManager({ gitlab, state, report, deadlineMs }: UndoContext): Promise<ExitCode> {
  const removal = planRemoval({ ...state, ownsRunner: false });
  for (;;) {
    const result = await askToRemove(gitlab, removal, RESPONSE_TIMEOUT_MS);
    const gone = isGone(result, removal);
    const isFinal = result.kind === "status" && result.status !== 404;
    if (gone && (isFinal || monotonicMs() >= deadlineMs)) {
      report("deregistered", describeRemoval(removal, result));
      return EXIT.ok;
    }
    if (monotonicMs() >= deadlineMs) {
      report(
        "not deregistered",
        `${removal.thing} may be in GitLab: ${result.message}; ${removal.otherwise}`,
      );
      return EXIT.notDeregistered;
    }
    await sleep(POLL_MS);
  }
}
