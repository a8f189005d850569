import { parseOnlineMessage } from "../../contract/online-message";
import { findCurrentState, type ReplicaLine } from "../../contract/replica-log";
import { isRunnerExit } from "../../contract/runner-exit";
import type { ReplicaReport } from "./snapshot";

/**
 * Adds a line of a replica's log to its report. A replica can go offline and come online again.
 */
export function updateReport(before: ReplicaReport | undefined, line: ReplicaLine): ReplicaReport {
  const tokenExpiresAt = parseOnlineMessage(line.message)?.tokenExpiresAt ?? before?.tokenExpiresAt;
  const hasRunnerExited =
    before?.hasRunnerExited === true || (line.state === "warning" && isRunnerExit(line.message));
  return {
    tokenExpiresAt,
    hasRunnerExited,
    wasOnline: before?.wasOnline === true || line.state === "online",
    ...(hasRunnerExited
      ? { online: false, last: findExitReason(before, line) }
      : updateState(before, line)),
  };
}

/** The first reason counts: what the replica reports afterwards follows from it. */
function findExitReason(before: ReplicaReport | undefined, line: ReplicaLine): ReplicaLine {
  const known = before?.last;
  const isReason = before?.hasRunnerExited === true || known?.state === "refused";
  return isReason && known !== undefined ? known : line;
}

function updateState(
  before: ReplicaReport | undefined,
  line: ReplicaLine,
): Pick<ReplicaReport, "online" | "last"> {
  switch (findCurrentState([line])?.state) {
    case "online":
      return { online: true, last: undefined };
    case "waiting":
    case "refused":
    case "not deregistered":
      return { online: false, last: line };
    case "starting":
    case "draining":
    case "deregistered":
      return { online: false, last: before?.last };
    case "warning":
    case undefined:
      return { online: before?.online ?? false, last: before?.last };
  }
}
