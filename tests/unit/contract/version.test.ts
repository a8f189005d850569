import { describe, expect, it } from "@jest/globals";
import { formatVersion, parseRunnerVersion, parseVersion } from "../../../contract/version";

describe("a version", () => {
  it.each([
    ["v19.4.0", { major: 19, minor: 4, patch: 0 }],
    ["19.4.0-ee", { major: 19, minor: 4, patch: 0 }],
    ["20.20.2", { major: 20, minor: 20, patch: 2 }],
    ["1.51", { major: 1, minor: 51 }],
    ["latest", undefined],
    ["", undefined],
    ["v19", undefined],
  ])("is read from %j", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it("is formatted with the numbers that are known", () => {
    expect(formatVersion({ major: 19, minor: 4 })).toBe("19.4");
    expect(formatVersion({ major: 19, minor: 4, patch: 0 })).toBe("19.4.0");
  });
});

describe("gitlab-runner's version in an image's tag", () => {
  it.each([
    ["gitlab/gitlab-runner:v19.4.0", "19.4.0"],
    ["gitlab/gitlab-runner:alpine-v18.11.3", "18.11.3"],
    ["gitlab/gitlab-runner:alpine3.21-v19.1.0", "19.1.0"],
    ["gitlab/gitlab-runner-helper:alpine3.19.1-v19.4.0", "19.4.0"],
    ["gitlab/gitlab-runner-helper:ubuntu24.04-x86_64-v19.4.0-pwsh", "19.4.0"],
    ["registry.example.com:5000/ci/runner:19.0-bookworm@sha256:abc", "19.0"],
  ])("of %s is %s", (image, version) => {
    const parsed = parseRunnerVersion(image);
    expect(parsed === undefined ? undefined : formatVersion(parsed)).toBe(version);
  });

  it.each([
    "gitlab/gitlab-runner",
    "gitlab/gitlab-runner:latest",
    "gitlab/gitlab-runner:alpine3.19.1",
    "gitlab/gitlab-runner-helper:x86_64-4d1fd1c5",
    "host:5000/a1.2/b:mine",
  ])("of %s is unknown", (image) => {
    expect(parseRunnerVersion(image)).toBeUndefined();
  });
});
