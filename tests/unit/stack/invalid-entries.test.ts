import { describe, expect, it } from "@jest/globals";
import { CONFIG, problemsOf, withConfig } from "./read";

const problems = (config: Readonly<Record<string, unknown>>) =>
  problemsOf(
    withConfig(
      Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)] as const),
      ),
    ),
  );

describe("the command that corrects an object", () => {
  it.each([
    [
      "an entry",
      { docker: { ulimit: { nofile: "many" } } },
      'nofile is "many": correct it with `pulumi config set --path docker.ulimit.nofile …`',
    ],
    [
      "a secret entry",
      { secretEnvironment: { A: "a long secret\0" } },
      "the value of A does: correct it with `pulumi config set --secret --path secretEnvironment.A …`",
    ],
    [
      "an entry of an additional pool",
      { pools: { big: { environment: { A: ["b"] } } } },
      "the value of A is a list: correct it with `pulumi config set --path pools.big.environment.A …`",
    ],
    [
      "an entry whose name is invalid",
      { environment: { "a-b": "1" } },
      '"a-b" is not one: remove it with `pulumi config rm --path environment.a-b`',
    ],
    [
      "an entry whose name needs quotes",
      { docker: { sysctls: { "vm.swappiness": "1" } } },
      'not "vm.swappiness": remove it with `pulumi config rm --path \'docker.sysctls["vm.swappiness"]\'`',
    ],
  ])("names %s", (_what, config, end) => {
    expect(problems(config)).toEqual([expect.stringMatching(endOf(end))]);
  });

  it.each([
    ["the message says what to do", { secretEnvironment: { A: "short" } }],
    ["the entry is not known", { network: { subnet: "10.0.0.0" } }],
    ["a list contains objects", { docker: { services: [{ name: "a", alias: "b!" }] } }],
    ["the name has a quotation mark", { environment: { "it's": "1" } }],
  ])("is missing if %s", (_what, config) => {
    expect(problems(config)).toEqual([expect.not.stringContaining("pulumi config")]);
  });

  it("overwrites a value that is not an object", () => {
    expect(problemsOf(withConfig({ environment: "A=1\nB" }))).toEqual([
      expect.stringMatching(
        endOf("line 2 is not one: correct it with `pulumi config set environment …`"),
      ),
    ]);
  });
});

describe("an invalid object", () => {
  it("has a message for each invalid entry, which shows only that entry", () => {
    const limits = { nofile: "many", nofiles: "1", nproc: "5:4", core: "0" };
    expect(problems({ docker: { ulimit: limits } })).toEqual([
      expect.stringContaining('nofile is "many"'),
      expect.stringMatching(endOf('"nofiles" is not one: did you mean nofile?')),
      expect.stringContaining('nproc is "5:4"'),
    ]);
    const featureFlags = { FF_TIMESTAMPS: true, FF_USE_FASTZIP: "yes" };
    expect(problems({ featureFlags })).toEqual([
      '`featureFlags` must set FF_USE_FASTZIP to true or false, not "yes": correct it with `pulumi config set --path featureFlags.FF_USE_FASTZIP …`',
    ]);
  });

  it("from the environment is named by its variable", () => {
    const read = (env: Record<string, string>) => problemsOf({ config: CONFIG, env });
    expect(read({ RUNNER_FEATURE_FLAGS: '{"FF_TIMESTAMPS":"yes"}' })).toEqual([
      'RUNNER_FEATURE_FLAGS (`featureFlags`) must set FF_TIMESTAMPS to true or false, not "yes"',
    ]);
    expect(read({ RUNNER_PRE_BUILD_SCRIPT: "curl -u glpat-0123456789abcdefghij" })).toEqual([
      expect.stringMatching(/^RUNNER_PRE_BUILD_SCRIPT \(`preBuildScript`\) must not contain /),
    ]);
  });

  it("hides a secret that was written as a name", () => {
    const [problem = ""] = problems({ environment: { "glpat-0123456789abcdefghij": "1" } });
    expect(problem).not.toContain("0123456789abcdefghij");
    expect(problem).not.toContain("pulumi config");
  });
});

function endOf(text: string): RegExp {
  return new RegExp(`${text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&")}$`);
}
