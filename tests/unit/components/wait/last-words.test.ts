import { describe, expect, it } from "@jest/globals";
import { findLastWords } from "../../../../components/wait/last-words";
import { formatReplicaLine } from "../../../../contract/replica-log";
import { formatRunnerExit } from "../../../../contract/runner-exit";

const EXITED = formatReplicaLine({ state: "warning", message: formatRunnerExit(1) });
const AFTER = formatReplicaLine({ state: "deregistered", message: "r_1" });
const ONE = "last error of gitlab-runner in one of these replicas:";
const LAST = "last log lines of one of these replicas:";

describe("the last words of a replica", () => {
  it.each([
    ["runner", "\u001b[31;1mFATAL: no port     \u001b[0;m  error=a", "FATAL: no port error=a"],
    ["json", '{"level":"error","msg":"no port"}', '{"level":"error","msg":"no port"}'],
    ["text", 'time=1 level=fatal msg="no port"', 'time=1 level=fatal msg="no port"'],
    ["runner", "panic: no port", "panic: no port"],
  ])("are the last error of a gitlab-runner that exited, in the format %s", (_, line, shown) => {
    const log = ["ERROR: earlier", line, "WARNING: shutting down", EXITED, AFTER];

    expect(findLastWords(log)).toEqual([ONE, shown]);
  });

  it("are its last lines if gitlab-runner did not exit, or reported no error", () => {
    expect(findLastWords(["ERROR: a job failed", "b"])).toEqual([LAST, "ERROR: a job failed", "b"]);
    expect(findLastWords(["a", "", EXITED])).toEqual([LAST, "a", EXITED]);
    expect(findLastWords(["1", "2", "3", "4", "5", "6"])).toEqual([LAST, "2", "3", "4", "5", "6"]);
    expect(findLastWords([])).toEqual([]);
  });

  it("never contain a text that looks like a secret", () => {
    expect(findLastWords(["FATAL: glrt-abcdefghijklmnopqrst", EXITED])).toEqual([
      ONE,
      "FATAL: [secret]",
    ]);
  });
});
