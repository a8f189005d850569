import { describe, expect, it } from "@jest/globals";
import { CONFIG, warningsOf } from "./read";

describe("the rules between settings", () => {
  it("warn of a drain timeout that is shorter than the maximum job timeout", () => {
    const { token, ...rest } = CONFIG;
    const config = { ...rest, runnerScope: "instance", maximumTimeout: "3h" };
    const sources = { config, env: { GITLAB_TOKEN: token } };

    expect(warningsOf(sources)).toEqual([
      "`drainTimeout` (1h) is shorter than `maximumTimeout` (3h), so an update or a smaller number of replicas may abort a long job: raise `drainTimeout`, or lower `maximumTimeout`.",
    ]);
    expect(
      warningsOf({ ...sources, env: { GITLAB_TOKEN: token, RUNNER_DRAIN_TIMEOUT: "3h" } }),
    ).toEqual([]);
  });
});
