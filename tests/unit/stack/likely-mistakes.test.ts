import { describe, expect, it } from "@jest/globals";
import { readStackSettings } from "../../../stack/stack-settings";
import { CONFIG, problemsOf, settingsOf, withConfig } from "./read";

const warningsOf = (env: Record<string, string>) => settingsOf({ env }).warnings;

describe("RUNNER_NAME on GitHub Actions", () => {
  const IGNORED = expect.stringMatching(/^RUNNER_NAME is ignored: GitHub Actions/);

  it.each([
    { GITHUB_ACTIONS: "true", RUNNER_NAME: "GitHub Actions 1000000042" },
    { GITHUB_ACTIONS: "true", RUNNER_NAME: "our-own-machine" },
    { RUNNER_NAME: "GitHub Actions 7" },
    { RUNNER_NAME: "Hosted Agent" },
  ])("is ignored with a warning: %j", (env) => {
    const { pool, warnings, fromEnvironment } = settingsOf({ env });
    expect(pool.args).not.toHaveProperty("runnerName");
    expect(pool.args.description).toBe("gitlab-runner-dev");
    expect(fromEnvironment).toEqual([]);
    expect(warnings).toEqual([IGNORED]);
  });

  it("does not override `runnerName` of the stack config", () => {
    const env = { GITHUB_ACTIONS: "true", RUNNER_NAME: "x" };
    expect(settingsOf({ ...withConfig({ runnerName: "ours-" }), env }).pool.args.runnerName).toBe(
      "ours-",
    );
  });
});

describe("a variable that is not a setting", () => {
  it.each([
    ["RUNNER_REPLICA", "RUNNER_REPLICAS"],
    ["RUNNER_CONCURENT", "RUNNER_CONCURRENT"],
    ["REGISTRY_PASS", "REGISTRY_PASSWORD"],
    ["REGISTRY_USER", "REGISTRY_USERNAME"],
    ["RUNNER_TAG_LIST", "RUNNER_TAGS"],
    ["CI_SERVER_URL", "RUNNER_CI_URL"],
    ["REGISTRATION_TOKEN", "RUNNER_CI_TOKEN"],
    ["CI_SERVER_TOKEN", "RUNNER_CI_TOKEN"],
    ["REGISTER_LOCKED", "RUNNER_LOCKED"],
    ["RUNNER_CA_CERT", "RUNNER_CA_CERTIFICATE"],
    ["RUNNER_CLIENT_CERT", "RUNNER_CLIENT_CERTIFICATE"],
    ["RUNNER_HTTPS_PROXY", "RUNNER_PROXY_HTTPS"],
    ["RUNNER_HTTP_PROXY", "RUNNER_PROXY_HTTP"],
    ["RUNNER_NO_PROXY", "RUNNER_PROXY_NO_PROXY"],
  ])("causes a warning that suggests the right name: %s for %s", (name, meant) => {
    expect(warningsOf({ [name]: "secret-value" })).toEqual([
      `${name} is not a setting and has no effect: did you mean ${meant}?`,
    ]);
  });

  it("is reported together with the problem that it causes", () => {
    const config = { token: CONFIG.token, registry: CONFIG.registry };
    const result = readStackSettings({
      config,
      env: { CI_SERVER_URL: "https://gitlab.example.com" },
      project: "p",
      stack: "dev",
    });
    expect(result).toMatchObject({
      problems: [expect.stringContaining("`gitlabUrl` is required")],
      warnings: ["CI_SERVER_URL is not a setting and has no effect: did you mean RUNNER_CI_URL?"],
    });
  });

  it("causes a warning if only the image reads it", () => {
    expect(warningsOf({ RUNNER_CI_TOKEN_FILE: "/run/secrets/token" })).toEqual([
      "RUNNER_CI_TOKEN_FILE is read only by the image: set RUNNER_CI_TOKEN to the content of the file.",
    ]);
  });

  it.each([
    { RUNNER_OS: "Linux", RUNNER_TEMP: "/t", RUNNER_TOOL_CACHE: "/c", RUNNER_ARCH: "X64" },
    { RUNNER_ENVIRONMENT: "self-hosted", RUNNER_WORKSPACE: "/w", RUNNER_TRACKING_ID: "x" },
    { GITLAB_CI: "true", CI_SERVER_URL: "https://gitlab.example.com", CI_SERVER_TOKEN: "x" },
    { REGISTRY_AUTH_FILE: "/auth.json", DOCKER_IMAGE: "x", RUNNER_UNSET: "" },
  ])("is ignored if a CI host or another tool sets it: %j", (env) => {
    expect(warningsOf(env)).toEqual([]);
  });
});

describe("a name for a setting in another tool", () => {
  it.each([
    ["caCert", "caCertificate"],
    ["tlsCaFile", "caCertificate"],
    ["clientCert", "clientCertificate"],
    ["tlsCertFile", "clientCertificate"],
    ["tlsKeyFile", "clientKey"],
    ["httpProxy", "proxy.http"],
    ["httpsProxy", "proxy.https"],
    ["noProxy", "proxy.noProxy"],
  ])("%s is rejected with the right name, %s", (name, meant) => {
    expect(problemsOf(withConfig({ [name]: "x" }))).toEqual([
      `\`${name}\` is not a setting: did you mean \`${meant}\`?`,
    ]);
  });
});

describe("GITLAB_TOKEN", () => {
  it.each([
    ["/builds/a/b.tmp/GITLAB_TOKEN", "the path of a file"],
    ['"glpat-0123456789"', "a quoted string"],
    ["$GITLAB_TOKEN", "an unexpanded variable"],
    ["glpat-0123456789\r", "a string with a line break at its end"],
  ])("is rejected without showing its value if it is %j", (token, words) => {
    const [problem = "", ...more] = problemsOf({ env: { GITLAB_TOKEN: token } });
    expect(more).toEqual([]);
    expect(problem).toContain(`GITLAB_TOKEN must be an access token, not ${words}`);
    expect(problem).not.toContain("glpat");
  });
});

describe("a number where a string is expected", () => {
  const pools = (value: object) => withConfig({ pools: JSON.stringify({ big: value }) });

  it("is read as a string", () => {
    const registry = '{"address":"r.example.com","username":12321123131,"password":"x"}';
    const given = {
      ...pools({ runnerName: 7, tags: 2024 }).config,
      token: "GR1348941-reg",
      registry,
    };
    const settings = settingsOf({ config: given });
    expect(settings.registry.username).toBe("12321123131");
    expect(settings.additionalPools[0]?.args.description).toBe("7dev-big");
    expect(problemsOf(pools({ tags: [1, "a"], runnerName: true }))).toEqual([]);
  });

  it("is rejected as a duration without a unit", () => {
    expect(problemsOf(pools({ drainTimeout: 90 }))).toEqual([
      "`pools.big.drainTimeout` must be a duration from 0s to 7d, such as 90s, 10m or 1h30m, got 90: correct it with `pulumi config set --path pools.big.drainTimeout …`",
    ]);
  });

  it.each([1.1, 1e20])(
    "is rejected if it may differ from what the user wrote: %d",
    (runnerName) => {
      expect(problemsOf(pools({ runnerName }))).toEqual([
        `\`pools.big.runnerName\` must be a string, because a decimal or large number may lose digits: put it in quotes in Pulumi.STACK.yaml, got ${JSON.stringify(runnerName)}`,
      ]);
    },
  );
});

describe("a key with a path that was set without --path", () => {
  it.each(["pools.big.replicas", "network.subnet", "tags[0]", "pools[0]", "registry.adress"])(
    "is rejected with the commands that fix it: %s",
    (key) => {
      expect(problemsOf(withConfig({ [key]: "2" }))).toEqual([
        `\`${key}\` was set as one key, not as a path: run \`pulumi config rm ${key}\`, then \`pulumi config set --path ${key} …\``,
      ]);
    },
  );

  it("is accepted if it is the name of a setting", () => {
    expect(settingsOf(withConfig({ "docker.privileged": "true" })).pool.args.docker).toEqual({
      privileged: true,
    });
  });
});

describe("the service name", () => {
  const namesOf = (project: string, stack: string, pools = "{}") =>
    problemsOf({ ...withConfig({ pools }), project, stack });

  it.each([
    ["p", "bugs-1.2", 'contains "."'],
    ["ci.runners", "dev", 'contains "."'],
    ["p", "bugs_", "begins or ends with _"],
    ["p", "bugs-", "begins or ends with -"],
    ["_p", "dev", "begins or ends with _"],
    ["p", "ünï", 'contains "ü"'],
  ])("is rejected if Swarm does not allow it: %s, %s", (project, stack, reason) => {
    expect(namesOf(project, stack)).toEqual([
      `the service name \`${project}-${stack}\` ${reason}, but Docker Swarm allows only letters, digits, - and _, with a letter or digit at both ends: choose another name for the project, stack or pool`,
    ]);
  });

  it("is checked with the name of the pool at its end", () => {
    expect(namesOf("p", "dev_", '{"a":{}}')).toHaveLength(1);
    expect(namesOf("P_1", "Dev--2", '{"a":{}}')).toEqual([]);
  });
});

describe("the registry", () => {
  const registry = (value: object) => withConfig({ registry: JSON.stringify(value) });

  it.each(["docker.io/me", "index.docker.io/me", "https://registry-1.docker.io/me"])(
    "%s is Docker Hub",
    (address) => {
      expect(settingsOf(registry({ address })).registry).toMatchObject({
        host: "docker.io",
        path: "me",
        plainHttp: false,
      });
    },
  );

  it.each(["docker.io", "https://index.docker.io/v1/", "https://hub.docker.com"])(
    "%s is rejected, because Docker Hub requires a user",
    (address) => {
      expect(problemsOf(registry({ address }))[0]).toContain(
        "`registry.address` must include your Docker Hub user or organization, such as docker.io/USER",
      );
    },
  );

  it("accepts the URL of its API", () => {
    expect(settingsOf(registry({ address: "https://r.example.com/v2/" })).registry).toMatchObject({
      host: "r.example.com",
      path: "",
    });
  });

  it.each([
    [
      "hunter2\r",
      "must not contain control characters; the value looks like a string with a line break at its end",
    ],
    [
      "hunter2\n",
      "must not contain control characters; the value looks like a string with a line break at its end",
    ],
    ["$REGISTRY_PASSWORD", ", not an unexpanded variable ($NAME)"],
    ["${CI_REGISTRY_PASSWORD}", ", not an unexpanded variable ($NAME)"],
    ["/builds/a/b.tmp/REGISTRY_PASSWORD", ", not the path of a file"],
  ])("rejects the password %j without showing it", (password, words) => {
    const env = { REGISTRY_USERNAME: "ci", REGISTRY_PASSWORD: password };
    const all = [
      problemsOf({ env }),
      problemsOf(registry({ address: "r.example.com", username: "ci", password })),
    ];
    for (const [problem = "", ...more] of all) {
      expect(more).toEqual([]);
      expect(problem).toContain(words);
      expect(problem).not.toContain("hunter2");
    }
  });

  it("rejects a user that contains the password, without showing it", () => {
    const message =
      "must not contain a colon, because a registry takes what follows for the password";
    const login = { address: "r.example.com", username: "ci:hunter2", password: "x" };
    const all = [
      problemsOf(registry(login)),
      problemsOf({ env: { REGISTRY_USERNAME: "ci:hunter2", REGISTRY_PASSWORD: "x" } }),
    ];
    for (const [problem = "", ...more] of all) {
      expect(more).toEqual([]);
      expect(problem).toContain(message);
      expect(problem).not.toContain("hunter2");
    }
  });

  it.each(["pa$$word", "$ecret", '"quoted"', " blank "])("accepts the password %j", (password) => {
    expect(
      settingsOf(registry({ address: "r.example.com", username: "ci", password })).registry
        .password,
    ).toBe(password);
  });
});

it("an invalid token in stack config is reported with the command that sets it", () => {
  expect(problemsOf(withConfig({ token: `"${CONFIG.token}"` }))[0]).toContain(
    "got [secret]: correct it with `pulumi config set --secret token …`",
  );
});
