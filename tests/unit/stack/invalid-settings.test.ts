import { describe, expect, it } from "@jest/globals";
import { CONFIG, problemsOf, warningsOf, withConfig } from "./read";

describe("readStackSettings", () => {
  it("reports all problems at once, each with its source, its value and what is allowed", () => {
    expect(
      problemsOf({
        config: { replicas: "1.5", drainTimeout: "long", tokn: "x" },
        env: { RUNNER_CONCURRENT: "0", RUNNER_SCOPE: "group" },
      }),
    ).toEqual([
      "`tokn` is not a setting: did you mean `token`?",
      '`runnerScope` must be instance, group:ID or project:ID, such as group:42, got "group" from RUNNER_SCOPE: correct or unset the variable',
      '`replicas` must be a whole number from 0 to 1000, got "1.5": correct it with `pulumi config set replicas …`',
      '`concurrent` must be a whole number from 1 to 1000, got "0" from RUNNER_CONCURRENT: correct or unset the variable',
      '`drainTimeout` must be a duration from 0s to 7d, such as 90s, 10m or 1h30m, got "long": correct it with `pulumi config set drainTimeout …`',
      "`registry.address` is required: run `pulumi config set --path registry.address registry.example.com/ci` or set REGISTRY_ADDRESS",
      "`gitlabUrl` is required: run `pulumi config set gitlabUrl https://gitlab.example.com` or set RUNNER_CI_URL",
    ]);
  });

  it.each([
    ["replicas", "-1"],
    ["replicas", "40000"],
    ["replicas", "many"],
    ["replicas", ""],
    ["gitlabUrl", "gitlab.example.com"],
    ["gitlabUrl", "ftp://gitlab.example.com"],
    ["gitlabUrl", "https://gitlab.example.com/?a=b"],
    ["concurrent", "0x10"],
    ["drainTimeout", "8d"],
    ["onlineTimeout", "-1s"],
    ["maximumTimeout", "9m"],
    ["executor", "kubernetes"],
    ["jobImage", "Ubuntu"],
    ["network", "a b"],
    ["network", '{"subnet":"10.0.0.0"}'],
    ["network", '{"mtu":100}'],
    ["registry", '{"address":"registry"}'],
    ["registry", '{"address":"https://user:pw@registry.example.com"}'],
    ["registry", "registry.example.com"],
    ["docker", '{"pullPolicy":"sometimes"}'],
    ["docker", '{"privileged":"perhaps"}'],
    ["docker", '{"volumes":"/a\\u0000"}'],
  ])("rejects %s if it is %j", (key, value) => {
    const problems = problemsOf(withConfig({ [key]: value }));
    expect(problems[0]).toContain(`\`${key}`);
  });

  it("requires either `token` or `runnerScope`", () => {
    const { token, ...neither } = CONFIG;
    expect(problemsOf({ config: neither })).toEqual([
      "`token` is required: run `pulumi config set --secret token glrt-…` or set RUNNER_CI_TOKEN; or set `runnerScope` to create the runner in GitLab",
    ]);
    expect(
      problemsOf({
        config: { ...neither, token, runnerScope: "instance" },
        env: { GITLAB_TOKEN: "glpat-x", RUNNER_CI_TOKEN: token },
      }),
    ).toEqual([
      "RUNNER_CI_TOKEN (`token`) and `runnerScope` are mutually exclusive: unset one of them",
    ]);
  });

  it("requires GITLAB_TOKEN for `runnerScope`", () => {
    const { gitlabUrl, registry } = CONFIG;
    expect(problemsOf({ config: { gitlabUrl, registry, runnerScope: "instance" } })).toEqual([
      "`runnerScope` requires the environment variable GITLAB_TOKEN: set it to a GitLab access token with the scopes create_runner and manage_runner, or api",
    ]);
  });

  it("requires `tokenKind` for a token with an unrecognized prefix", () => {
    const token = "an-unknown-kind-of-token";
    expect(problemsOf(withConfig({ token }))).toEqual([
      "`token` has an unrecognized prefix: set `tokenKind` to authentication (the token of an existing runner) or registration (a legacy registration token)",
    ]);
    expect(problemsOf(withConfig({ token, tokenKind: "registration" }))).toEqual([]);
  });

  it.each(["runUntagged", "locked", "protected", "maximumTimeout"])(
    "rejects %s with a supplied authentication token",
    (key) => {
      const value = key === "maximumTimeout" ? "1h" : "true";
      expect(problemsOf(withConfig({ [key]: value }))).toEqual([
        `\`${key}\` cannot be set with a supplied authentication token: unset it and change it on the runner's page in GitLab, or set \`runnerScope\` instead of \`token\``,
      ]);
      expect(problemsOf(withConfig({ [key]: value, token: "GR1348941-registration" }))).toEqual([]);
    },
  );

  it("warns that `tags` has no effect with a supplied authentication token", () => {
    expect(warningsOf(withConfig({ tags: "a" }))).toEqual([
      "`tags` has no effect with a supplied authentication token. Unset it and change the tags on the runner's page in GitLab.",
    ]);
  });

  it("rejects a runner that would accept no jobs", () => {
    expect(
      problemsOf(withConfig({ token: "GR1348941-reg", tags: ",", runUntagged: "false" })),
    ).toEqual([
      "`tags` must not be empty if `runUntagged` is false, because the runner would accept no jobs: add a tag, or set `runUntagged` to true",
    ]);
  });

  it("rejects settings of the docker executor if no pool uses it", () => {
    const config = { executor: "shell", docker: '{"privileged":true}' };
    expect(problemsOf(withConfig(config))).toEqual([
      "`docker.privileged` requires the docker executor, but `executor` is shell: unset one of them",
    ]);
    const pools = JSON.stringify({ big: { executor: "docker" } });
    expect(problemsOf(withConfig({ ...config, pools }))).toEqual([]);
  });

  it.each([
    [
      '{"address":"a.example.com","username":"ci"}',
      "`registry.username` requires `registry.password`",
    ],
    [
      '{"address":"a.example.com","password":"x"}',
      "`registry.password` requires `registry.username`",
    ],
  ])("requires the user and the password of the registry together: %s", (registry, problem) => {
    const problems = problemsOf(withConfig({ registry }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it("shows no secret, token or password in a problem", () => {
    const all = [
      ...problemsOf(withConfig({ token: "my secret" })),
      ...problemsOf(withConfig({ registry: '{"address":"a.example.com","password":""}' })),
      ...problemsOf(withConfig({ gitlabUrl: "https://root:hunter2@gitlab.example.com" })),
      ...problemsOf(withConfig({ runnerScope: "glrt-put-in-the-wrong-place" })),
    ].join("\n");
    expect(all).toContain("got [secret]");
    for (const secret of ["my secret", "hunter2", "put-in-the-wrong"]) {
      expect(all).not.toContain(secret);
    }
  });
});
