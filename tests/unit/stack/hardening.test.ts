import { describe, expect, it } from "@jest/globals";
import { problemsOf, settingsOf, withConfig } from "./read";

describe("the settings of a replica's container", () => {
  it.each<[Record<string, string>, string]>([
    [
      { capAdd: "NET_RAV" },
      '`capAdd` must be a list of Linux capabilities, such as NET_ADMIN; "NET_RAV" is not one: did you mean NET_RAW?',
    ],
    [
      { capAdd: "all" },
      "`capAdd` must name each capability: ALL would let a replica do everything on its node",
    ],
    [{ readOnlyRoot: "yes" }, "`readOnlyRoot` must be true or false"],
    [
      { executor: "shell", readOnlyRoot: "true" },
      "`readOnlyRoot` requires the docker executor, but `executor` is shell: unset one of them",
    ],
  ])("are rejected before anything changes: %j", (config, problem) => {
    expect(problemsOf(withConfig(config))).toEqual([expect.stringContaining(problem)]);
  });

  it("are accepted with and without the prefix of capabilities, in any case", () => {
    expect(problemsOf(withConfig({ capAdd: '["cap_net_raw","CHOWN"]' }))).toEqual([]);
    expect(problemsOf(withConfig({ capAdd: "KILL", executor: "shell" }))).toEqual([]);
    expect(problemsOf(withConfig({ readOnlyRoot: "false" }))).toEqual([]);
  });

  it("do not make a pool with another executor invalid that inherits them", () => {
    const pools = JSON.stringify({ shell: { executor: "shell" } });
    expect(problemsOf(withConfig({ readOnlyRoot: "false", pools }))).toEqual([]);
  });

  it("reach a pool that inherits them only if it has the same executor", () => {
    const pools = JSON.stringify({ a: {}, b: { executor: "docker" }, c: { capAdd: ["KILL"] } });
    const config = withConfig({ executor: "shell", capAdd: "CHOWN", pools });
    expect(settingsOf(config).additionalPools.map(({ args }) => args.capAdd)).toEqual([
      ["CHOWN"],
      undefined,
      ["KILL"],
    ]);
  });
});
