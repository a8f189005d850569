import { describe, expect, it } from "@jest/globals";
import { buildsDir, findSharedBuilds } from "../../../contract/build-paths";
import { problemOf } from "../../support/read-value";

describe("buildsDir", () => {
  it.each(["/builds", "/home/gitlab-runner/builds/", "/mnt/fast disk/ci"])("accepts %s", (path) => {
    expect(problemOf(buildsDir, path)).toBeUndefined();
  });

  it.each([
    ["builds", /^must be an absolute path/],
    ["~/builds", /^must be an absolute path/],
    ["", /^must be an absolute path/],
    ["C:\\builds", /^must be a Linux path/],
    ["/", /^must not be the root folder/],
    ["//", /^must not be the root folder/],
    ["/builds/../etc", /^must not contain \. or \.\. as a part/],
    ["/builds/$CI_PROJECT_ID", /^must not contain \$/],
    ["/a:/b", /^must not contain :/],
    ["/a\nb", /^must not contain control characters/],
    [`/${"a".repeat(255)}`, /^must be at most 255 characters; it has 256/],
    [null, /^must be a string/],
  ])("rejects %j", (path, rule) => {
    expect(problemOf(buildsDir, path)).toMatch(rule);
  });
});

describe("the volume with the working trees of several replicas", () => {
  it.each([
    [["/cache", "/srv/builds:/builds"], undefined],
    [["/srv:/builds:rw"], "/builds"],
    [["/srv:/mnt/"], "/mnt/builds"],
    [["/cache", "builds:/builds"], undefined],
  ])("is found in %j for %j", (volumes, folder) => {
    expect(findSharedBuilds(volumes, folder)).toBe(volumes.at(-1));
  });

  it.each([
    [["/builds", "/srv:/builds2", "/builds:/cache"], undefined],
    [["/srv:/builds/project"], undefined],
    [["/srv:/builds"], "/mnt"],
  ])("is not in %j for %j", (volumes, folder) => {
    expect(findSharedBuilds(volumes, folder)).toBeUndefined();
  });
});
