import { describe, expect, it } from "@jest/globals";
import { envOf } from "../../../contract/settings/keys";
import { problemsOf, settingsOf, withConfig } from "./read";

describe("readStackSettings", () => {
  it("reads the stack config and leaves the defaults of a pool to the component", () => {
    expect(settingsOf({})).toEqual({
      registry: {
        host: "registry.example.com",
        path: "ci",
        plainHttp: false,
        username: undefined,
        password: undefined,
        loginNames: { username: "`registry.username`", password: "`registry.password`" },
      },
      baseImage: "gitlab/gitlab-runner:v19.4.0",
      nodeImage: "node:24.21.0-bookworm-slim",
      pool: {
        name: "default",
        args: {
          gitlabUrl: "https://gitlab.example.com",
          token: "glrt-a-token-of-a-runner",
          serviceName: "gitlab-runner-pool-dev",
          description: "gitlab-runner-dev",
        },
        names: { pathPrefix: "", origins: expect.any(Map) },
        warnings: [],
      },
      additionalPools: [],
      fromEnvironment: [],
      warnings: [],
    });
  });

  it("reads the environment, which overrides the stack config", () => {
    const { pool, fromEnvironment } = settingsOf({
      ...withConfig({ runnerName: "from-config-" }),
      env: {
        RUNNER_CI_TOKEN: "GR1348941-registration",
        RUNNER_CI_URL: "http://gitlab.internal/gitlab/",
        RUNNER_NAME: "ci-",
        RUNNER_IMAGE: "alpine:3",
        RUNNER_TAGS: "docker, linux,,docker",
      },
    });
    expect(pool.args).toMatchObject({
      token: "GR1348941-registration",
      gitlabUrl: "http://gitlab.internal/gitlab",
      runnerName: "ci-",
      jobImage: "alpine:3",
      tags: ["docker", "linux"],
      description: "ci-dev",
    });
    expect([...fromEnvironment].sort()).toEqual([
      "RUNNER_CI_TOKEN",
      "RUNNER_CI_URL",
      "RUNNER_IMAGE",
      "RUNNER_NAME",
      "RUNNER_TAGS",
    ]);
  });

  it.each(["tags", "docker.volumes", "docker.allowedImages"] as const)(
    "reads [] as an empty list in the stack config and in the environment: %s",
    (key) => {
      const token = "GR1348941-registration";
      const [name = "", inner] = key.split(".");
      const config = { [name]: inner === undefined ? "[]" : JSON.stringify({ [inner]: "[]" }) };
      const given = { [name]: inner === undefined ? [] : { [inner]: [] } };
      const inConfig = settingsOf(withConfig({ token, ...config }));
      const inEnvironment = settingsOf({ ...withConfig({ token }), env: { [envOf(key)]: "[]" } });
      expect(inConfig.pool.args).toMatchObject(given);
      expect(inEnvironment.pool.args).toMatchObject(given);
    },
  );

  it("ignores blank variables", () => {
    const { pool, fromEnvironment } = settingsOf({ env: { RUNNER_NAME: "", RUNNER_TAGS: "  " } });
    expect(pool.args).not.toHaveProperty("runnerName");
    expect(fromEnvironment).toEqual([]);
  });

  it("accepts lists as text and as JSON, and typed values as text", () => {
    const settings = settingsOf(
      withConfig({
        token: "GR1348941-registration",
        tags: '["a","b"]',
        runUntagged: "false",
        replicas: "0",
        docker: '{"volumes":["/cache","/certs:ro"],"privileged":true}',
      }),
    );
    expect(settings.pool.args).toMatchObject({
      replicas: 0,
      docker: { volumes: ["/cache", "/certs:ro"], privileged: true },
    });
  });

  it("reads the registry and its password from the environment", () => {
    const { registry } = settingsOf({
      env: {
        REGISTRY_ADDRESS: "http://10.0.0.1:5000",
        REGISTRY_USERNAME: "ci",
        REGISTRY_PASSWORD: "hunter2",
      },
    });
    expect(registry).toEqual({
      host: "10.0.0.1:5000",
      path: "",
      plainHttp: true,
      username: "ci",
      password: "hunter2",
      loginNames: {
        username: "REGISTRY_USERNAME (`registry.username`)",
        password: "REGISTRY_PASSWORD (`registry.password`)",
      },
    });
  });
});

describe("additional pools", () => {
  const pools = (value: object) => withConfig({ pools: JSON.stringify(value) });

  it("inherit the settings that they do not set", () => {
    const { additionalPools } = settingsOf({
      ...pools({ big: { concurrent: 4, docker: { privileged: true } }, alone: null }),
      env: { RUNNER_REPLICAS: "5" },
    });
    expect(additionalPools.map(({ name }) => name)).toEqual(["alone", "big"]);
    expect(additionalPools[1]?.args).toMatchObject({
      gitlabUrl: "https://gitlab.example.com",
      token: "glrt-a-token-of-a-runner",
      replicas: 5,
      concurrent: 4,
      docker: { privileged: true },
      serviceName: "gitlab-runner-pool-dev-big",
      description: "gitlab-runner-dev-big",
    });
  });

  it("do not inherit the token if they set `runnerScope`", () => {
    const { additionalPools } = settingsOf({
      ...pools({ group: { runnerScope: "group:7" } }),
      env: { GITLAB_TOKEN: "glpat-x" },
    });
    expect(additionalPools[0]?.args).toMatchObject({ runnerScope: { kind: "group", id: 7 } });
    expect(additionalPools[0]?.args).not.toHaveProperty("token");
  });

  it("do not inherit the settings of another executor", () => {
    const { additionalPools } = settingsOf({
      ...pools({ plain: { executor: "shell" }, same: {} }),
      env: { RUNNER_DOCKER_PRIVILEGED: "true", RUNNER_CONCURRENT: "3" },
    });
    expect(additionalPools[0]?.args).toMatchObject({ executor: "shell", concurrent: 3 });
    expect(additionalPools[0]?.args).not.toHaveProperty("docker");
    expect(additionalPools[1]?.args).toMatchObject({ docker: { privileged: true } });
  });

  it("may use the settings of an executor that the default pool does not use", () => {
    const config = { executor: "shell", docker: '{"privileged":true}' };
    const { pool, additionalPools } = settingsOf(
      withConfig({ ...config, pools: '{"big":{"executor":"docker"}}' }),
    );
    expect(pool.args).not.toHaveProperty("docker");
    expect(additionalPools[0]?.args).toMatchObject({ docker: { privileged: true } });
  });

  it.each([
    [
      "a list instead of an object",
      "[1]",
      "`pools` must be an object that maps pool names to settings",
    ],
    [
      "an uppercase name",
      '{"Big":{}}',
      "`pools.Big` must have a name of lowercase letters, digits and hyphens other than `default`",
    ],
    [
      "the name of the default pool",
      '{"default":{}}',
      "`pools.default` must have a name of lowercase letters, digits and hyphens other than `default`",
    ],
    [
      "a string instead of settings",
      '{"big":"many"}',
      "`pools.big` must be an object with settings",
    ],
    [
      "a misspelled setting",
      '{"big":{"replica":3}}',
      "`pools.big.replica` is not a setting: did you mean `replicas`?",
    ],
    [
      "a stack-wide setting",
      '{"big":{"baseImage":"a:b"}}',
      "`pools.big.baseImage` applies to the whole stack: set `baseImage` instead",
    ],
    [
      "an invalid value",
      '{"big":{"replicas":-1}}',
      "`pools.big.replicas` must be a whole number from 0 to 1000, got -1: correct it with `pulumi config set --path pools.big.replicas …`",
    ],
  ])("are rejected with %s", (_what, value, problem) => {
    expect(problemsOf(withConfig({ pools: value }))).toEqual([problem]);
  });

  it("report an invalid value at the top level only once", () => {
    const config = { ...pools({ a: {}, b: {} }).config, concurrent: "0" };
    expect(problemsOf({ config })).toHaveLength(1);
  });

  it("are rejected if the service name is too long", () => {
    const name = "a".repeat(50);
    expect(problemsOf(pools({ [name]: {} }))).toEqual([
      `the service name \`gitlab-runner-pool-dev-${name}\` has 73 characters, but Docker Swarm allows at most 63: choose a shorter name for the stack or pool`,
    ]);
  });
});
