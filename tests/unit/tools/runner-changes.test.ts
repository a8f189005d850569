import { describe, expect, it } from "@jest/globals";
import { runnerChanges } from "../../../tools/diff/runner-changes";

const state = (inputs: Readonly<Record<string, unknown>>) => ({
  type: "gitlab:index/userRunner:UserRunner",
  inputs,
});

describe("changes of a runner in GitLab", () => {
  it.each([[["runnerType", "groupId"]], [["groupId", "runnerType"]]])(
    "are listed in the same order if the provider reports %j",
    (paths) => {
      const step = {
        op: "replace",
        urn: "urn:pulumi:dev::p::t::ci-runner",
        oldState: state({ runnerType: "instance_type" }),
        newState: state({ runnerType: "group_type", groupId: 1 }),
        paths,
        replaceReasons: paths,
      };
      expect(runnerChanges(step)).toMatchObject([
        { setting: "runnerScope", from: { text: "instance_type" }, to: { text: "group_type" } },
        { setting: "runnerScope", from: { kind: "absent" }, to: { text: "1" } },
      ]);
    },
  );
});
