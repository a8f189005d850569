import { describe, expect, it } from "@jest/globals";
import { findRunnerTokens, tokensInState } from "../../../tools/reap/runner-tokens";

const [A, B] = ["https://a.example.com", "https://b.example.com"];
const NOWHERE = { PATH: "/nonexistent" };

function secret(id: string, token: string) {
  const data = Buffer.from(token).toString("base64");
  const plaintext = JSON.stringify(data);
  return { type: "docker:index/secret:Secret", id, inputs: { data: { plaintext } } };
}

function service(gitlabUrl: string, secretId: string, settings = "RUNNER_SETTINGS") {
  const env = { [settings]: JSON.stringify({ RUNNER_CI_URL: gitlabUrl }), __defaults: [] };
  const secrets = [
    { secretId, fileName: "/run/secrets/gitlab-runner-token" },
    { secretId: "password", fileName: "/run/secrets/password" },
  ];
  const inputs = { taskSpec: { containerSpec: { env, secrets } } };
  return { type: "docker:index/service:Service", id: `of ${secretId}`, inputs };
}

describe("the runner tokens in a stack's state", () => {
  it("each belong to the GitLab of the service that mounts them", () => {
    const resources = [
      ...[secret("one", "glrt-one"), secret("two", "glrt-two"), secret("password", "hunter2")],
      ...[secret("unused", "glrt-unused"), service(A, "one"), service(B, "two")],
      service(A, "unused", "SETTINGS"),
      { type: "pulumi:pulumi:Stack" },
    ];

    expect(tokensInState(JSON.stringify({ deployment: { resources } }))).toEqual([
      { token: "glrt-one", gitlabUrl: A },
      { token: "glrt-two", gitlabUrl: B },
    ]);
  });

  it("are empty for a state without resources", () => {
    expect(tokensInState('{"deployment":{}}')).toEqual([]);
  });
});

describe("the runner token in the environment", () => {
  it.each([
    ["the GitLab in RUNNER_CI_URL", { RUNNER_CI_URL: `${A}/` }, ["glrt-mine"]],
    ["no other GitLab than the one in RUNNER_CI_URL", { RUNNER_CI_URL: B }, []],
    ["the only GitLab if RUNNER_CI_URL is not set", {}, ["glrt-mine"]],
  ])("is sent to %s", async (_, env, tokens) => {
    const given = { ...NOWHERE, ...env, RUNNER_CI_TOKEN: "glrt-mine" };

    expect(await findRunnerTokens(given, A)).toEqual(tokens);
  });
});
