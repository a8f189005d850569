import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Gitlab, startGitlab } from "../../../fake-gitlab";
import { RUNNER_INFO } from "../../support/gitlab-instance";

const read = async (
  url: string,
  headers: Record<string, string> = {},
): Promise<readonly [number, string]> => {
  const response = await fetch(url, { headers, redirect: "manual" });
  return [response.status, await response.text()];
};

/** Enqueues and assigns a job that fetches the repository of its project. */
async function assignJob(gitlab: Gitlab): Promise<{
  readonly id: number;
  readonly token: string;
  readonly git_info: { readonly repo_url: string };
  readonly variables: readonly { readonly key: string; readonly value: string }[];
}> {
  const { token } = await gitlab.createRunner({ runUntagged: true });
  await gitlab.enqueueJob({ script: ["true"], git: { sha: "0".repeat(40) } });
  const response = await fetch(`${gitlab.instance.externalUrl}/api/v4/jobs/request`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, system_id: "r_1", info: RUNNER_INFO }),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as Awaited<ReturnType<typeof assignJob>>;
}

describe("the fake GitLab under a relative URL root", () => {
  let gitlab: Gitlab;
  beforeEach(async () => {
    gitlab = await startGitlab();
    gitlab.instance.externalUrl = `${gitlab.url}/gitlab`;
  });
  afterEach(() => gitlab.stop());

  it("answers only below the root", async () => {
    const root = `${gitlab.url}/gitlab`;
    expect(await read(`${root}/api/v4/version`)).toEqual([401, '{"message":"401 Unauthorized"}']);
    expect(await read(`${root}/-/health`)).toEqual([200, "GitLab OK"]);
    for (const path of ["/api/v4/version", "/gitlab2/api/v4/version", "/"]) {
      expect(await read(`${gitlab.url}${path}?x=1`)).toEqual([404, `Not found "${path}"\n`]);
    }
  });

  it("shows its page at the root with a slash, and leads there", async () => {
    const response = await fetch(`${gitlab.url}/gitlab`);
    expect([response.status, response.url]).toEqual([200, `${gitlab.url}/gitlab/`]);
    const assets = (await response.text()).match(/(?<=(?:href|src)=")[^"]+/g) ?? [];
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      expect((await fetch(new URL(asset, response.url))).status).toBe(200);
    }
  });

  it("includes the root in a job's URLs, in links to other pages, and in the event log", async () => {
    const root = gitlab.instance.externalUrl;
    const { git_info, token, variables } = await assignJob(gitlab);
    const origin = root.replace("//", `//gitlab-ci-token:${token}@`);
    expect(git_info.repo_url).toBe(`${origin}/ci/demo.git`);
    expect(Object.fromEntries(variables.map(({ key, value }) => [key, value]))).toMatchObject({
      CI_SERVER_URL: root,
      CI_API_V4_URL: `${root}/api/v4`,
      CI_PROJECT_URL: `${root}/ci/demo`,
    });
    const user = await gitlab.createPersonalAccessToken({ scopes: ["api"] });
    const list = await fetch(`${root}/api/v4/runners/all?per_page=1`, {
      headers: { "private-token": user.token },
    });
    expect(list.headers.get("link")).toContain(`<${root}/api/v4/runners/all?`);
    const { events } = await gitlab.events({});
    const requests = events.filter(({ kind }) => kind === "request");
    expect(requests).toMatchObject([
      { url: "/gitlab/api/v4/jobs/request", endpoint: "POST /jobs/request" },
      { url: "/gitlab/api/v4/runners/all?per_page=1", endpoint: "GET /runners/all" },
    ]);
  });
});

describe("the fake GitLab on an IPv6 address", () => {
  it.each([
    ["::1", "[::1]"],
    ["::", "[::1]"],
    ["0.0.0.0", "127.0.0.1"],
  ])("on %s has a URL with %s", async (host, shown) => {
    await using gitlab = await startGitlab({ host });
    expect(gitlab.url).toBe(`http://${shown}:${new URL(gitlab.url).port}`);
    expect((await read(`${gitlab.url}/api/v4/version`))[0]).toBe(401);
    expect((await read(`${gitlab.url}/`))[0]).toBe(200);
  });
});

describe("a repository of the fake GitLab", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "repositories-"));
    await mkdir(join(folder, "demo/refs"), { recursive: true });
    await writeFile(join(folder, "demo/HEAD"), "ref: refs/heads/main\n");
    await writeFile(join(folder, "secret"), "outside");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is served to running jobs of its project only, and nothing around it", async () => {
    await using gitlab = await startGitlab();
    gitlab.instance.repositories.set("ci/demo", join(folder, "demo"));
    const { id, token } = await assignJob(gitlab);
    const url = `${gitlab.url}/ci/demo.git`;
    const login = (text: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(text).toString("base64")}`,
    });
    const own = login(`gitlab-ci-token:${token}`);

    expect(await read(`${url}/HEAD`, own)).toEqual([200, "ref: refs/heads/main\n"]);
    const answers = async (...urls: readonly string[]): Promise<readonly number[]> =>
      Promise.all(urls.map(async (one) => (await read(one, own))[0]));
    expect(
      await answers(`${url}/none`, `${url}/refs`, `${url}/..%2fsecret`, `${url}/%2e%2e%2fsecret`),
    ).toEqual([404, 404, 404, 404]);
    expect(await answers(`${gitlab.url}/ci/other.git/HEAD`)).toEqual([401]);
    const anonymous = await fetch(`${url}/HEAD`);
    expect([anonymous.status, anonymous.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="GitLab"',
    ]);
    expect((await read(`${url}/HEAD`, login("gitlab-ci-token:wrong")))[0]).toBe(401);
    await gitlab.cancelJob({ id });
    await gitlab.waitForJob({ id, timeoutMs: 5_000, until: ["canceled", "canceling"] });
    expect((await read(`${url}/HEAD`, own))[0]).toBe(401);
  });
});
