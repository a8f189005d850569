import { redactForms } from "../../contract/looks-like-secret";
import { toPlainLine } from "../../contract/plain-text";
import { parseReplicaLine } from "../../contract/replica-log";
import { isRunnerExit } from "../../contract/runner-exit";

/** How many of a replica's last lines an error message shows. */
const SHOWN_LINES = 5;

/** A line with which gitlab-runner reports an error, in each of its log formats. */
const ERROR =
  /^(?:ERROR|FATAL|PANIC|panic):|"level":"(?:error|fatal|panic)"|\blevel=(?:error|fatal|panic)\b/;

/**
 * Finds why a replica ended: the last error of gitlab-runner if that exited by itself, otherwise
 * the last lines of the replica. Secrets that are recognized by their form are redacted.
 * @param log the last lines of the replica and its gitlab-runner
 * @returns a heading and the lines; nothing if the log is empty
 */
export function findLastWords(log: readonly string[]): readonly string[] {
  const lines = log.map((text) => redactForms(toPlainLine(text)).replace(/ {2,}/g, " ").trim());
  const hasExited = lines.some((line) => isRunnerExit(parseReplicaLine(line)?.message ?? ""));
  const error = lines.filter((line) => ERROR.test(line)).at(-1);
  if (hasExited && error !== undefined)
    return ["last error of gitlab-runner in one of these replicas:", error];
  const shown = lines.filter((line) => line !== "").slice(-SHOWN_LINES);
  return shown.length === 0 ? [] : ["last log lines of one of these replicas:", ...shown];
}
