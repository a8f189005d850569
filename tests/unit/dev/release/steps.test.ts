import { describe, expect, it } from "@jest/globals";
import { describeStep, pushCommand, stepsOf, tarballOf } from "../../../../dev/release/steps";

const PLAN = {
  version: "1.2.0",
  date: "2026-11-29",
  name: "sample",
  commit: "0123456789",
  notes: "### Added\n\n- A change.",
};

describe("the steps of a release", () => {
  it("run all checks first and create the tag last", () => {
    expect(stepsOf(PLAN).map(describeStep)).toEqual([
      "npm run check",
      "npm test",
      "write the notes to .local/release/v1.2.0.md",
      "npm pack --pack-destination .local/release",
      "git tag --annotate --cleanup=whitespace --file .local/release/v1.2.0.md v1.2.0 0123456789",
    ]);
  });

  it("can each be undone if they create something", () => {
    expect(stepsOf(PLAN).map((step) => (step.kind === "check" ? "" : step.undo))).toEqual([
      "",
      "",
      "rm .local/release/v1.2.0.md",
      "rm .local/release/sample-1.2.0.tgz",
      "git tag --delete v1.2.0",
    ]);
  });

  it("do not push or publish", () => {
    const commands = stepsOf(PLAN).map(describeStep).join("\n");
    expect(commands).not.toMatch(/push|publish/);
    expect(pushCommand(PLAN)).toBe("git push origin main v1.2.0");
  });

  it("name the tarball as npm does, also for a package with a scope", () => {
    expect(tarballOf({ ...PLAN, name: "@acme/sample" })).toBe(
      ".local/release/acme-sample-1.2.0.tgz",
    );
  });
});
