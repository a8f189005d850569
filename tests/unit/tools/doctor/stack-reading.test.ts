import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { checkSettings } from "../../../../tools/doctor/checks/settings";
import { findProjectName, parseProjectName } from "../../../../tools/doctor/stack/project-name";
import { describeError, parseConfig, readStack } from "../../../../tools/doctor/stack/read-stack";
import { listConfigSecrets, listEnvironmentSecrets } from "../../../../tools/doctor/stack/secrets";

const entriesOf = (values: Readonly<Record<string, readonly [value: string, isSecret: boolean]>>) =>
  new Map(Object.entries(values).map(([key, [value, isSecret]]) => [key, { value, isSecret }]));

describe("the stack config", () => {
  it("is read from the output of `pulumi config`", () => {
    const output = JSON.stringify({
      "gitlab-runner-pool:replicas": { value: "2", secret: false },
      "gitlab-runner-pool:token": { value: "glrt-x", secret: true },
      "gitlab-runner-pool:docker": { value: '{"memory":"1g"}', objectValue: { memory: "1g" } },
      "gitlab-runner-pool:empty": { secret: true },
      "docker:host": { value: "tcp://x", secret: false },
    });
    expect(parseConfig(output, "gitlab-runner-pool")).toEqual(
      entriesOf({
        replicas: ["2", false],
        token: ["glrt-x", true],
        docker: ['{"memory":"1g"}', false],
      }),
    );
  });

  it.each(["not JSON", "[]", "null", '"text"'])("is not read from %s", (output) => {
    expect(parseConfig(output, "p")).toBeUndefined();
  });

  it("may be empty", () => {
    expect(parseConfig("", "p")).toEqual(new Map());
    expect(parseConfig("{}", "p")).toEqual(new Map());
  });

  it.each([
    [
      "error: no stack selected; please use `pulumi stack select`\n",
      "`pulumi` cannot read the stack config: no stack is selected: run `pulumi stack select NAME`, or `pulumi stack init NAME` for a new stack, or pass `--stack NAME`",
    ],
    [
      "error: no stack named 'nope' found\n",
      "`pulumi` cannot read the stack config: no stack named 'nope' found: run `pulumi stack ls` to list the stacks",
    ],
    [
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions\n",
      "`pulumi` cannot read the stack config: it is not logged in: run `pulumi login`, or `pulumi login --local` to keep the state on this machine",
    ],
    [
      "error: unable to open bucket file:///no?no_tmp_dir=true: stat /no: no such file or directory\n",
      "`pulumi` cannot read the stack config: unable to open bucket file:///no?no_tmp_dir=true: stat /no: no such file or directory: check the address of the state in PULUMI_BACKEND_URL, or run `pulumi login`",
    ],
    [
      "error: invalid YAML file: yaml: line 8: mapping values are not allowed in this context\n",
      "`pulumi` cannot read the stack config: invalid YAML file: yaml: line 8: mapping values are not allowed in this context: correct Pulumi.STACK.yaml",
    ],
    [
      "error: incorrect passphrase\n",
      "`pulumi` cannot read the stack config: incorrect passphrase: set PULUMI_CONFIG_PASSPHRASE to the passphrase of the stack",
    ],
    [
      "error: no Pulumi.yaml project file found (searching upwards from /tmp).\n",
      "`pulumi` cannot read the stack config: no Pulumi.yaml project file found (searching upwards from /tmp): run the command in the folder of the program",
    ],
    [
      "error: something else.\n",
      "`pulumi` cannot read the stack config: something else: `pulumi config` must work before `pulumi up` can",
    ],
  ])("is missing with %j", (stderr, problem) => {
    expect(describeError(stderr)).toBe(problem);
  });

  it("is missing if `pulumi` is not installed", async () => {
    expect(await readStack(undefined, { PATH: "/no/such/folder" })).toEqual({
      problem:
        "`pulumi` cannot be started: install it (https://www.pulumi.com/docs/install) and put it on PATH",
    });
  });
});

describe("the name of the project", () => {
  it.each([
    ["name: gitlab-runner-pool\nruntime: nodejs\n", "gitlab-runner-pool"],
    ["runtime:\n  name: nodejs\nname: 'ci.pool'\n", "ci.pool"],
    ['\ufeffname: "x" # comment\r\n', undefined],
    ['name: "x" # comment\r\n', "x"],
    ["runtime:\n  name: nodejs\n", undefined],
  ])("is read from %j", (text, name) => {
    expect(parseProjectName(text)).toBe(name);
  });

  it("is found in a folder above", async () => {
    const folder = await mkdtemp(join(tmpdir(), "project-name-"));
    try {
      await mkdir(join(folder, "a/b"), { recursive: true });
      await writeFile(join(folder, "Pulumi.yaml"), "name: above\n");
      expect(await findProjectName(join(folder, "a/b"))).toBe("above");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the secrets of a stack", () => {
  it("are the secret values, and the secret settings in objects", () => {
    const entries = entriesOf({
      token: ["glrt-token", true],
      runnerName: ["secret-name", true],
      gitlabUrl: ["https://gitlab.example.com", false],
      registry: ['{"address":"registry.example.com","password":"of-registry"}', true],
      pools: ['{"big":{"token":"glrt-of-big","tags":["public-tag"]}}', true],
      unknown: ['{"deep":["unknown-secret"]}', true],
    });
    expect(new Set(listConfigSecrets(entries))).toEqual(
      new Set(["glrt-token", "secret-name", "of-registry", "glrt-of-big", "unknown-secret"]),
    );
  });

  it("are secret settings even if Pulumi stores them in plain text", () => {
    const entries = entriesOf({
      token: ["glrt-plain", false],
      registry: ['{"password":"plain-password"}', false],
    });
    expect(new Set(listConfigSecrets(entries))).toEqual(new Set(["glrt-plain", "plain-password"]));
  });

  it("are also in the environment", () => {
    const env = {
      GITLAB_TOKEN: "glpat-x",
      RUNNER_CI_TOKEN: " glrt-x\n",
      REGISTRY_PASSWORD: "pass",
    };
    expect(listEnvironmentSecrets(env)).toEqual(
      expect.arrayContaining(["glpat-x", "glrt-x", "pass"]),
    );
    expect(listEnvironmentSecrets({})).toEqual([]);
  });
});

describe("the check of the settings", () => {
  const config = (values: Readonly<Record<string, readonly [string, boolean]>>) => ({
    project: "gitlab-runner-pool",
    stack: "dev",
    entries: entriesOf(values),
  });
  const VALID = {
    gitlabUrl: ["https://gitlab.example.com", false],
    token: ["glrt-abcdefghijklmnopqrst", true],
    registry: ['{"address":"registry.example.com/ci"}', false],
  } as const;

  it("passes as `pulumi up` does", () => {
    const { outcome, value } = checkSettings(config(VALID), {});
    expect(outcome).toEqual({
      kind: "passed",
      text: "the settings of stack dev are valid (1 pool)",
    });
    expect(value?.pool.args.serviceName).toBe("gitlab-runner-pool-dev");
  });

  it("lists the variables that provide settings, because they win over the stack config", () => {
    const env = { RUNNER_CI_URL: "https://other.example.com", RUNNER_REPLICAS: "3" };
    expect(checkSettings(config(VALID), env).outcome).toEqual({
      kind: "passed",
      text: "the settings of stack dev are valid (1 pool; from the environment: RUNNER_CI_URL, RUNNER_REPLICAS)",
    });
  });

  it("shows warnings", () => {
    const { outcome, value } = checkSettings(config(VALID), { RUNNER_REPLICS: "2" });
    expect(outcome).toMatchObject({
      kind: "warned",
      text: expect.stringMatching(
        /^the settings of stack dev are valid \(1 pool\), with 1 warning: RUNNER_REPLICS /,
      ),
    });
    expect(value).toBeDefined();
  });

  it("fails with all problems", () => {
    const { outcome, value } = checkSettings(config({ ...VALID, replicas: ["many", false] }), {
      RUNNER_CONCURRENT: "0",
    });
    expect(outcome).toEqual({
      kind: "failed",
      problems: [
        expect.stringMatching(/^`replicas` must be .* got "many"/),
        expect.stringMatching(/^`concurrent` must be .* got "0" from RUNNER_CONCURRENT/),
      ],
    });
    expect(value).toBeUndefined();
  });

  it("reports a setting that must not be stored as a secret", () => {
    const { outcome } = checkSettings(
      config({ ...VALID, preBuildScript: ["echo secret-of-a-script", true] }),
      {},
    );
    expect(outcome).toEqual({
      kind: "failed",
      problems: [
        expect.stringMatching(/^`preBuildScript` must not be a secret in the stack config/),
      ],
    });
  });

  it("fails with the reason of `pulumi`", () => {
    expect(checkSettings({ problem: "no stack" }, {}).outcome).toEqual({
      kind: "failed",
      problems: ["no stack"],
    });
  });
});
