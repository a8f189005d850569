import { describe, expect, it } from "@jest/globals";
import { problemsOf, type Checkout } from "../../../../dev/release/problems";

const TODAY = "2026-11-29";

/** A checkout that can be released. */
const READY: Checkout = {
  changelog: changelog("## 1.2.0 - 2026-11-29"),
  name: "sample",
  versions: versions("1.2.0", "1.2.0", "1.2.0"),
  tags: ["v1.1.0", "v0.9.0"],
  changed: [],
  branch: "main",
  commit: "0123456789",
};

function changelog(heading: string, body = "### Added\n\n- A change.\n"): string {
  return `# Changelog\n\nIntroduction.\n\n${heading}\n\n${body}\n## 1.1.0 - 2026-01-02\n\n- Old.\n`;
}

function versions(own: string, lock: string | undefined, root: string): Checkout["versions"] {
  return [
    { place: "package.json", version: own },
    { place: "package-lock.json", version: lock },
    { place: "the root in package-lock.json", version: root },
  ];
}

const problems = (change: Partial<Checkout>): readonly string[] =>
  problemsOf({ ...READY, ...change }, TODAY);

const released = (version: string): Partial<Checkout> => ({
  changelog: changelog(`## ${version} - 2026-11-29`),
  versions: versions(version, version, version),
});

describe("problemsOf", () => {
  it("accepts a checkout that is ready", () => {
    expect(problems({})).toEqual([]);
  });

  it("accepts Windows line endings", () => {
    expect(problems({ changelog: READY.changelog.replaceAll("\n", "\r\n") })).toEqual([]);
  });

  it("accepts the first release and tags that are not versions", () => {
    expect(problems({ tags: [] })).toEqual([]);
    expect(problems({ tags: ["vendor", "v2", "v9.x"] })).toEqual([]);
  });

  it("reports a changelog without sections", () => {
    expect(problems({ changelog: "# Changelog\n\n- A change.\n" })).toEqual([
      "CHANGELOG.md has no section: add one with the heading `## X.Y.Z - YYYY-MM-DD`",
    ]);
  });

  it.each(["## 1.2.0", "## Unreleased", "## 1.2.0 (2026-11-29)", "## 1.2.0 - 2026-11-29 - beta"])(
    "reports the malformed heading %s",
    (heading) => {
      expect(problems({ changelog: changelog(heading) })).toEqual([
        `CHANGELOG.md: the top section has the heading \`${heading}\`: write \`## X.Y.Z - YYYY-MM-DD\``,
      ]);
    },
  );

  it.each(["2026-02-30", "2026-13-01", "29.11.2026", "2026-1-2", "soon"])(
    "reports the invalid date %s",
    (date) => {
      expect(problems({ changelog: changelog(`## 1.2.0 - ${date}`) })).toEqual([
        `CHANGELOG.md: ${date} is not a date: write YYYY-MM-DD`,
      ]);
    },
  );

  it("reports a date in the future", () => {
    expect(problems({ changelog: changelog("## 1.2.0 - 2026-11-30") })).toEqual([
      "CHANGELOG.md: 2026-11-30 is in the future: write today's date, 2026-11-29, or an earlier one",
    ]);
  });

  it("reports a section without entries, even if an older section has some", () => {
    const heading = "## 1.2.0 - 2026-11-29";
    expect(problems({ changelog: changelog(heading, "### Added\n\nText.\n") })).toEqual([
      `CHANGELOG.md: the section \`${heading}\` has no entries: add a line with \`- \``,
    ]);
  });

  it.each(["v1.2.0", "1.2", "01.2.0", "1.2.0+build", "next"])(
    "reports %s, which is not a version",
    (version) => {
      expect(problems(released(version))).toEqual([
        `CHANGELOG.md: ${version} is not a version: write X.Y.Z or X.Y.Z-PRERELEASE, such as 1.2.0 or 1.2.0-rc.1`,
      ]);
    },
  );

  it.each([
    ["package.json", versions("1.1.0", "1.2.0", "1.2.0"), "1.1.0"],
    ["package-lock.json", versions("1.2.0", "1.1.0", "1.2.0"), "1.1.0"],
    ["the root in package-lock.json", versions("1.2.0", "1.2.0", "1.1.0"), "1.1.0"],
    ["package-lock.json", versions("1.2.0", undefined, "1.2.0"), "not set"],
  ])("reports another version in %s", (place, declared, version) => {
    expect(problems({ versions: declared })).toEqual([
      `${place} is ${version}, but CHANGELOG.md has 1.2.0: run \`npm version --no-git-tag-version --allow-same-version 1.2.0\`, or correct CHANGELOG.md`,
    ]);
  });

  it("reports a tag that exists", () => {
    expect(problems({ tags: ["v1.1.0", "v1.2.0"] })).toEqual([
      "the tag v1.2.0 exists: add a section with a newer version to CHANGELOG.md",
    ]);
  });

  it("compares the version with the newest tag by number, not by text", () => {
    expect(problems({ tags: ["v1.9.0", "v1.10.0", "v1.1.0"] })).toEqual([
      "CHANGELOG.md: 1.2.0 is not newer than the tag v1.10.0: write a version above 1.10.0",
    ]);
  });

  it("reports a prerelease of a version that is released", () => {
    expect(problems({ ...released("1.1.0-rc.1") })).toEqual([
      "CHANGELOG.md: 1.1.0-rc.1 is not newer than the tag v1.1.0: write a version above 1.1.0",
    ]);
  });

  it("reports changes that are not committed", () => {
    expect(problems({ changed: ["a.ts", "b.ts"] })).toEqual([
      "the working tree is not clean: commit or remove the changes in a.ts, b.ts",
    ]);
    expect(problems({ changed: ["1", "2", "3", "4", "5", "6", "7"] })).toEqual([
      "the working tree is not clean: commit or remove the changes in 1, 2, 3, 4, 5 and 2 more",
    ]);
  });

  it("reports another branch and a detached HEAD", () => {
    expect(problems({ branch: "topic" })).toEqual([
      "HEAD is on the branch topic: run `git switch main`",
    ]);
    expect(problems({ branch: undefined })).toEqual(["HEAD is detached: run `git switch main`"]);
  });

  it("reports all problems at once", () => {
    const all = problems({
      changelog: changelog("## 1.0.0 - 2027-01-01", "Text.\n"),
      tags: ["v1.0.0", "v1.1.0"],
      changed: ["a.ts"],
      branch: "topic",
    });
    expect(all.map((problem) => problem.replace(/: (?:write|add|run|commit) .*/, ""))).toEqual([
      "CHANGELOG.md: 2027-01-01 is in the future",
      "CHANGELOG.md: the section `## 1.0.0 - 2027-01-01` has no entries",
      "package.json is 1.2.0, but CHANGELOG.md has 1.0.0",
      "package-lock.json is 1.2.0, but CHANGELOG.md has 1.0.0",
      "the root in package-lock.json is 1.2.0, but CHANGELOG.md has 1.0.0",
      "the tag v1.0.0 exists",
      "CHANGELOG.md: 1.0.0 is not newer than the tag v1.1.0",
      "the working tree is not clean",
      "HEAD is on the branch topic",
    ]);
  });
});
