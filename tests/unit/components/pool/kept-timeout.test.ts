import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool } from "../../../../components/pool/runner-pool";
import type { Duration } from "../../../../contract/duration";
import { declare } from "../../../support/mocks";

const IMAGE = `registry.example.com/ci/runner@sha256:${"e".repeat(64)}`;

/** Declares a pool whose runner has a timeout in GitLab. @returns the warnings */
async function warnings(
  inGitlab: number | undefined,
  maximumTimeout: Duration | undefined,
): Promise<readonly string[]> {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const computed = { "gitlab:index/userRunner:UserRunner": { maximumTimeout: inGitlab } };
  await declare(
    () =>
      new RunnerPool("ci", {
        gitlabUrl: "https://gitlab.example.com",
        image: IMAGE,
        runnerScope: "instance",
        replicas: 0,
        // This machine may have an engine, which does not have the service.
        onlineTimeout: "0s",
        // Not shorter than `maximumTimeout`, which would cause another warning.
        drainTimeout: "2h",
        ...(maximumTimeout !== undefined && { maximumTimeout }),
      }),
    { computed },
  );
  return warn.mock.calls.map(([message]) => message);
}

describe("a pool whose runner has a timeout in GitLab", () => {
  beforeEach(() => {
    process.env["GITLAB_TOKEN"] = "glpat-of-a-test";
  });

  afterEach(() => {
    jest.restoreAllMocks();
    Reflect.deleteProperty(process.env, "GITLAB_TOKEN");
  });

  it("warns that unsetting `maximumTimeout` does not remove it, and explains what to do", async () => {
    expect(await warnings(7200, undefined)).toEqual([
      'RunnerPool "ci": `maximumTimeout` is not set, but runner ci-runner-id still has a maximum job timeout of 2h in ' +
        "GitLab: unsetting `maximumTimeout` does not remove it. Set `maximumTimeout` to the value that you want, or clear the " +
        "timeout on the runner's page in GitLab and run `pulumi refresh`.",
    ]);
  });

  it.each<[number | undefined, Duration | undefined]>([
    [0, undefined],
    [undefined, undefined],
    [7200, "2h"],
  ])("does not warn when GitLab has %s and the setting is %s", async (inGitlab, setting) => {
    expect(await warnings(inGitlab, setting)).toEqual([]);
  });
});
