import { describe, expect, it } from "@jest/globals";
import { updateReport } from "../../../../components/wait/update-report";
import type { ReplicaReport } from "../../../../components/wait/snapshot";
import type { ReplicaLine } from "../../../../contract/replica-log";
import { formatRunnerExit } from "../../../../contract/runner-exit";

const line = (state: ReplicaLine["state"], message = ""): ReplicaLine => ({ state, message });
const EXITED = line("warning", formatRunnerExit(1));
const REFUSED = line("refused", "403 Forbidden");

const read = (...lines: readonly ReplicaLine[]): ReplicaReport | undefined =>
  lines.reduce<ReplicaReport | undefined>(updateReport, undefined);

describe("the report of a replica whose gitlab-runner exited", () => {
  it("has the exit as its reason, whatever the replica reports afterwards", () => {
    const after = [line("deregistered"), line("not deregistered", "r_1"), line("warning", "60 s")];
    const expected = { online: false, last: EXITED, hasRunnerExited: true, wasOnline: false };

    expect(read(line("starting"), line("waiting", "no answer"), EXITED)).toMatchObject(expected);
    expect(read(line("starting"), EXITED, ...after)).toMatchObject(expected);
  });

  it("remembers that the replica was online", () => {
    expect(read(line("online"), EXITED)).toMatchObject({ online: false, wasOnline: true });
  });

  it("keeps a rejection by GitLab, which made the replica stop gitlab-runner", () => {
    expect(read(line("online"), REFUSED, EXITED)).toMatchObject({ last: REFUSED });
  });
});

describe("the report of any other replica", () => {
  it("ignores other warnings", () => {
    const report = read(line("online"), line("warning", "the disk is full"));

    expect(report).toMatchObject({ online: true, last: undefined, hasRunnerExited: false });
  });
});
