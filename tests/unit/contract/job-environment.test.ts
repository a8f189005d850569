import { describe, expect, it } from "@jest/globals";
import {
  environment,
  findEnvironmentWarnings,
  findRepeatedNames,
  formatLiteralVariables,
  secretEnvironment,
} from "../../../contract/job-environment";
import { problemOf, readValue } from "../../support/read-value";

const SECRETS: readonly (readonly [what: string, value: string])[] = [
  ["a GitLab token", "glpat-0123456789abcdefghij"],
  ["a GitHub token", "ghp_0123456789abcdefghij0123456789abcdef"],
  ["an AWS access key", "AKIA0123456789ABCDEF"],
  ["a Slack token", "xoxb-0123456789-abcdef"],
  ["an npm token", "npm_0123456789abcdefghij0123456789abcdef"],
  ["a registry login", '{"auths": {"registry.example.com": {"auth": "dXNlcjpodW50ZXIy"}}}'],
  ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"],
  ["a URL with a password", "http://user:hunter2@proxy:3128"],
];

describe("environment", () => {
  it("is written to config.toml as a sorted list of NAME=VALUE", () => {
    const value = readValue(environment, { B: "x=y", A: 1, EMPTY: "" });
    expect(environment.toToml?.(value)).toEqual(["A=1", "B=x=y", "EMPTY="]);
  });

  it.each(['{"A": "1", "B": "two words"}', "A=1\nB=two words", { A: "1", B: "two words" }])(
    "parses %j",
    (written) => {
      expect(readValue(environment, written)).toEqual({ A: "1", B: "two words" });
    },
  );

  it.each(SECRETS)("rejects %s, and names the setting for it", (what, value) => {
    expect(problemOf(environment, { MY_VALUE: value })).toBe(
      `must not contain secrets, but the value of MY_VALUE looks like ${what}: move it to \`secretEnvironment\``,
    );
  });

  it.each(["http://proxy:3128", "https://user:$PASSWORD@proxy", "glpat", "a@b:c", "", "é🦊"])(
    "accepts %j, which is not a secret",
    (value) => {
      expect(problemOf(environment, { MY_VALUE: value })).toBeUndefined();
    },
  );

  it.each(["1A", "a-b", "a.b", "A B", "Ä", "", " A"])("rejects the name %j", (name) => {
    expect(problemOf(environment, { [name]: "x" })).toMatch(/^must (?:have names|be an object)/);
  });

  it("reports all problems at once", () => {
    const problem = problemOf(environment, { "a-b": "", CI_JOB_TOKEN: "x", NUL: "a\0b" });
    expect(problem).toBe(
      'must have names of letters, digits and underscores that do not start with a digit, and "a-b" is not one; must not set CI_JOB_TOKEN: GitLab gives each job its own; must not contain NUL characters, but the value of NUL does',
    );
  });

  it("rejects more than 32 KiB", () => {
    expect(problemOf(environment, { A: "x".repeat(32 * 1024) })).toBe(
      "must be at most 32768 bytes; it has 32770",
    );
  });

  it.each([null, [], 7, "A", "[]", { A: null }, { A: {} }, { A: ["b"] }])("rejects %j", (value) => {
    expect(problemOf(environment, value)).toMatch(/^must be an object with string values/);
  });

  it("warns of GitLab's own variables and of names of secrets", () => {
    const warnings = findEnvironmentWarnings({
      CI_DEBUG_TRACE: "true",
      DB_PASSWORD: "hunter2",
      TOKEN: "$OTHER",
      TOKEN_FILE: "/x",
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^sets CI_DEBUG_TRACE: GitLab's own variables/),
      expect.stringMatching(/^sets DB_PASSWORD, whose values are readable/),
    ]);
    expect(findEnvironmentWarnings({ DB_PASSWORD: "hunter22" }, true)).toEqual([]);
  });
});

describe("secretEnvironment", () => {
  it.each(SECRETS)("accepts %s", (_, value) => {
    expect(problemOf(secretEnvironment, { MY_VALUE: value })).toBeUndefined();
  });

  it("rejects a short value, which would be redacted where it is not a secret", () => {
    const problem = problemOf(secretEnvironment, { PIN: "1234567", LONG: "12345678" });
    expect(problem).toBe(
      "must have values of at least 8 characters, and the value of PIN is shorter: use a longer secret; a value that is not secret belongs in `environment`",
    );
  });

  it("keeps $ in a value, which gitlab-runner would expand", () => {
    expect(formatLiteralVariables({ A: "pa$$word$HOME" })).toEqual(["A=pa$$$$word$$HOME"]);
  });

  it.each(["a$", "$ a", "a$.b", "$(date)", "$é", "a$/b$"])(
    "does not change %j, which gitlab-runner does not expand, so that job variables may refer to it",
    (value) => {
      expect(formatLiteralVariables({ A: value })).toEqual([`A=${value}`]);
      expect(findEnvironmentWarnings({ A: value }, true)).toEqual([]);
    },
  );

  it.each(["a", "Z", "0", "_", "{", "*", "#", "$", "@", "!", "?", "-"])(
    "doubles a dollar sign before %s, and warns of it",
    (next) => {
      expect(formatLiteralVariables({ A: `pass$${next}.` })).toEqual([`A=pass$$${next}.`]);
      expect(findEnvironmentWarnings({ A: `pass$${next}.`, B: "$" }, true)).toEqual([
        "sets A with a dollar sign that gitlab-runner doubles in other variables that refer to the value, such as `OTHER: $A` in .gitlab-ci.yml: use the variable itself in scripts",
      ]);
      expect(findEnvironmentWarnings({ A: `pass$${next}` })).toEqual([]);
    },
  );

  it.each(["DB_PASS", "MYSQL_PWD", "GH_PAT", "DEPLOY_KEY"])("causes a warning: %s", (name) => {
    expect(findEnvironmentWarnings({ [name]: "hunter2" })).toEqual([
      expect.stringMatching(new RegExp(`^sets ${name}, .*: move secrets to`)),
    ]);
  });

  it("must not have a name that environment has", () => {
    expect(findRepeatedNames({ A: "", B: "" }, { B: "", C: "" })).toEqual(["B"]);
    expect(findRepeatedNames({ A: "" }, undefined)).toEqual([]);
    expect(findRepeatedNames({ constructor: "" }, {})).toEqual([]);
  });
});
