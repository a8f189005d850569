import { parseOnlineMessage } from "../../contract/online-message";
import { findCurrentState, type ReplicaLine } from "../../contract/replica-log";
import type { ReplicaReport } from "./snapshot";

/**
 * Adds a line of a replica's log to its report. A replica can go offline and come online again.
 */
export function updateReport(before: ReplicaReport | undefined, line: ReplicaLine): ReplicaReport {
  const state = findCurrentState([line])?.state;
  const tokenExpiresAt = parseOnlineMessage(line.message)?.tokenExpiresAt ?? before?.tokenExpiresAt;
  switch (state) {
    case "online":
      return { online: true, last: undefined, tokenExpiresAt };
    case "waiting":
    case "refused":
    case "not deregistered":
      return { online: false, last: line, tokenExpiresAt };
    case "starting":
    case "draining":
    case "deregistered":
      return { online: false, last: before?.last, tokenExpiresAt };
    case "warning":
    case undefined:
      return { online: before?.online ?? false, last: before?.last, tokenExpiresAt };
  }
}
