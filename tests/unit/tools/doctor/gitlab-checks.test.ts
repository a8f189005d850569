import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { startGitlab, type Gitlab } from "../../../../fake-gitlab";
import type { StackSettings } from "../../../../stack/stack-settings";
import { checkGitlab } from "../../../../tools/doctor/checks/gitlab";
import { checkTokens } from "../../../../tools/doctor/checks/token";
import { stackSettings } from "../../../support/doctor-settings";
import { makeEngineCertificates } from "../../../support/engine-certificates";
import { listenOnTcp } from "../../../support/engine-proxy";

const ignore = () => undefined;

describe("the check of GitLab", () => {
  const check = async (url: string, env: Readonly<Record<string, string>> = {}) =>
    checkGitlab(stackSettings({}, url), env, ignore);

  it("shows the version to a token that may read it", async () => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createPersonalAccessToken({ scopes: ["read_api"] });
    const { outcome, value } = await check(gitlab.url, { GITLAB_TOKEN: token });
    expect(outcome).toEqual({ kind: "passed", text: `${gitlab.url} answers, version 19.4.0-ee` });
    expect([...(value ?? [])]).toEqual([[gitlab.url, "19.4.0-ee"]]);
  });

  it("needs no token to find that GitLab answers", async () => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createPersonalAccessToken({ scopes: ["create_runner"] });
    const textFor = async (env: Readonly<Record<string, string>>) =>
      (await check(gitlab.url, env)).outcome;
    const unknown = (reason: string) => ({
      kind: "passed",
      text: `${gitlab.url} answers, its version is unknown: ${reason}`,
    });
    expect(await textFor({})).toEqual(unknown("GITLAB_TOKEN is not set"));
    expect(await textFor({ GITLAB_TOKEN: "glpat-wrong" })).toEqual(
      unknown("GitLab rejects GITLAB_TOKEN"),
    );
    expect(await textFor({ GITLAB_TOKEN: token })).toEqual(
      unknown("GITLAB_TOKEN lacks the scope read_api"),
    );
    // This token could read the version, but it is not sent.
    const reader = await gitlab.createPersonalAccessToken({ scopes: ["read_api"] });
    const elsewhere = { GITLAB_TOKEN: reader.token, GITLAB_BASE_URL: "https://other.example.com" };
    expect(await textFor(elsewhere)).toEqual(
      unknown(
        `GITLAB_TOKEN belongs to https://other.example.com and will not be sent to ${gitlab.url}`,
      ),
    );
  });

  it.each([
    [
      "nothing listens",
      "http://127.0.0.1:59997",
      /^nothing listens at http:\S+: correct `gitlabUrl`, or start GitLab$/,
    ],
    [
      "the name does not exist",
      "http://gitlab.invalid",
      /^this machine cannot resolve the name in http:\S+ \(E[A-Z_]+\): correct `gitlabUrl`, or check the DNS$/,
    ],
    [
      "the request fails for a rare reason",
      "http://[2001:db8::1]",
      /^GET \/version: cannot reach GitLab at http:\S+: .+: check `gitlabUrl`, and DNS, firewall and certificates between this machine and GitLab$/,
    ],
  ])("fails if %s", async (_name, url, problem) => {
    const { outcome, value } = await check(url);
    expect(outcome).toEqual({ kind: "failed", problems: [expect.stringMatching(problem)] });
    expect(value).toBeUndefined();
  });

  it("names the variable or the pool that provides the URL", async () => {
    const problemsOf = async (settings: StackSettings) => {
      const { outcome } = await checkGitlab(settings, {}, ignore);
      return "problems" in outcome ? outcome.problems : [];
    };
    const env = { RUNNER_CI_URL: "https://gitlab.example.com" };
    expect(await problemsOf(stackSettings({}, "http://127.0.0.1:59997", env))).toEqual([
      "nothing listens at http://127.0.0.1:59997: correct RUNNER_CI_URL (`gitlabUrl`), or start GitLab",
    ]);
    const pools =
      '{"big":{"gitlabUrl":"http://gitlab.invalid","token":"glrt-abcdefghijklmnopqrst"}}';
    expect(await problemsOf(stackSettings({ gitlabUrl: "http://other.invalid", pools }))).toEqual([
      expect.stringMatching(/http:\/\/other\.invalid \(\w+\): correct `gitlabUrl`,/),
      expect.stringMatching(/http:\/\/gitlab\.invalid \(\w+\): correct `pools\.big\.gitlabUrl`,/),
    ]);
  });

  it("fails if GitLab does not use TLS, or this machine does not trust its certificate", async () => {
    await using gitlab = await startGitlab();
    const url = gitlab.url.replace("http:", "https:");
    expect((await check(url)).outcome).toEqual({
      kind: "failed",
      problems: [`${url} answers without TLS: write http:// in \`gitlabUrl\`, or correct the port`],
    });
    const { server } = await makeEngineCertificates("127.0.0.1");
    await using proxy = await listenOnTcp("127.0.0.1", () => undefined, server);
    const secure = proxy.host.replace("tcp:", "https:");
    expect((await check(secure)).outcome).toEqual({
      kind: "failed",
      problems: [
        expect.stringMatching(
          /^this machine does not trust the certificate of https:\S+ \(.+\): set `caCertificate` to its certificate authority$/,
        ),
      ],
    });
  });

  it.each<[string, number, Readonly<Record<string, string>>, string, string]>([
    [
      "another server answers",
      404,
      { "content-type": "text/html" },
      "<html>",
      "GET /version: GitLab answered 404 (not a GitLab response; is there a proxy in between?)",
    ],
    [
      "a page answers",
      200,
      { "content-type": "text/html" },
      "<html>",
      "GET /version: the response is not JSON; is there a proxy in between?",
    ],
    [
      "it redirects",
      301,
      { location: "https://gitlab.example.com/" },
      "",
      "GET /version: GitLab answered 301 (a redirect to https://gitlab.example.com/; use that address)",
    ],
    [
      "it is down",
      502,
      { "content-type": "text/html" },
      "<html>",
      "GET /version: GitLab answered 502 (not a GitLab response; is there a proxy in between?)",
    ],
  ])("fails if %s", async (_, status, headers, text, problem) => {
    await using server = await startServer(status, headers, text);
    const { outcome } = await check(server.url);
    expect(outcome).toMatchObject({
      kind: "failed",
      problems: [expect.stringMatching(/: check `gitlabUrl`/)],
    });
    expect("problems" in outcome && outcome.problems[0]?.startsWith(problem)).toBe(true);
  });
});

describe("the check of the token", () => {
  const check = async (
    gitlab: Gitlab,
    config: Readonly<Record<string, string | undefined>>,
    env: Readonly<Record<string, string>> = {},
  ) => (await checkTokens(stackSettings(config, gitlab.url, env), env, ignore)).outcome;

  it("accepts a runner's token and leaves no manager", async () => {
    await using gitlab = await startGitlab();
    const { id, token } = await gitlab.createRunner({});
    const { last } = await gitlab.events({});
    expect(await check(gitlab, { token })).toEqual({
      kind: "passed",
      text: "GitLab accepts `token`",
    });
    expect(await gitlab.managers({ runnerId: id })).toEqual([]);
    const { events } = await gitlab.events({ after: last });
    expect(JSON.stringify(events)).not.toContain("verify");
  });

  it("does not touch the managers that exist", async () => {
    await using gitlab = await startGitlab();
    const { id, token } = await gitlab.createRunner({});
    await fetch(`${gitlab.url}/api/v4/runners/verify`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, system_id: "r_000000000001" }),
    });
    const before = await gitlab.managers({ runnerId: id });
    expect(before).toHaveLength(1);
    await check(gitlab, { token });
    expect(await gitlab.managers({ runnerId: id })).toEqual(before);
  });

  it("fails if GitLab rejects the token", async () => {
    await using gitlab = await startGitlab();
    expect(await check(gitlab, { token: "glrt-wrong-token-of-nobody" })).toEqual({
      kind: "failed",
      problems: [
        "GitLab rejects `token` (it is incomplete or of another GitLab, it expired or was reset, or its runner was deleted): compare it with the token that you were given, or reset the token on the runner's page in GitLab, or create a runner, and set `token` to the new token",
      ],
    });
  });

  it("fails if GitLab cannot check it, and names the pool if there are several", async () => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createRunner({});
    const pools = '{"big":{"token":"glrt-wrong-token-of-nobody"}}';
    expect(await check(gitlab, { token, pools })).toMatchObject({
      kind: "failed",
      problems: [
        expect.stringMatching(
          /^pool big: GitLab rejects `pools\.big\.token` .*, and set `pools\.big\.token` to the/,
        ),
      ],
    });
    await gitlab.addFault({
      endpoint: "DELETE /runners/managers",
      action: { kind: "status", status: 400, body: { error: "no" } },
    });
    expect(await check(gitlab, { token })).toEqual({
      kind: "failed",
      problems: [
        "the token cannot be checked (DELETE /runners/managers: GitLab answered 400 (no)): run the command again when GitLab accepts requests",
      ],
    });
  });

  it("is skipped for a registration token, and for a GitLab without the request", async () => {
    await using gitlab = await startGitlab();
    expect(await check(gitlab, { token: "GR1348941abcdefghijkl" })).toEqual({
      kind: "skipped",
      reason: "a registration token cannot be checked without registering a runner",
    });
    await gitlab.addFault({
      endpoint: "DELETE /runners/managers",
      action: { kind: "status", status: 404, body: { error: "404 Not Found" } },
    });
    expect(await check(gitlab, {})).toEqual({
      kind: "skipped",
      reason: "this GitLab can check a token only by creating a runner manager",
    });
  });

  it.each<[readonly string[], object]>([
    [["api"], { kind: "passed" }],
    [["create_runner", "manage_runner"], { kind: "passed" }],
    [
      ["create_runner"],
      {
        problems: [
          "GITLAB_TOKEN lacks the scope manage_runner, which `runnerScope` needs: create an access token with the scopes create_runner and manage_runner, or api",
        ],
      },
    ],
    [
      ["read_api"],
      {
        problems: [
          "GITLAB_TOKEN lacks the scopes create_runner and manage_runner, which `runnerScope` needs: create an access token with the scopes create_runner and manage_runner, or api",
        ],
      },
    ],
  ])("judges an access token with the scopes %j", async (scopes, expected) => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createPersonalAccessToken({ scopes: [...scopes] });
    const config = { token: undefined, runnerScope: "instance" };
    expect(await check(gitlab, config, { GITLAB_TOKEN: token })).toMatchObject(expected);
  });

  it("fails if GitLab rejects the access token", async () => {
    await using gitlab = await startGitlab();
    const config = { token: undefined, runnerScope: "instance" };
    expect(await check(gitlab, config, { GITLAB_TOKEN: "glpat-wrongwrong" })).toEqual({
      kind: "failed",
      problems: [
        "GitLab rejects GITLAB_TOKEN: it has expired or was revoked: set it to a valid access token with the scopes create_runner and manage_runner, or api",
      ],
    });
  });

  it("does not send the access token to another GitLab", async () => {
    await using gitlab = await startGitlab();
    const config = { token: undefined, runnerScope: "instance" };
    const env = { GITLAB_TOKEN: "glpat-wrongwrong", GITLAB_BASE_URL: "https://other.example.com" };
    expect(await check(gitlab, config, env)).toEqual({
      kind: "warned",
      text: `GITLAB_TOKEN was not checked: GITLAB_TOKEN belongs to https://other.example.com and will not be sent to ${gitlab.url}`,
    });
  });
});

async function startServer(
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.writeHead(status, headers).end(text));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
