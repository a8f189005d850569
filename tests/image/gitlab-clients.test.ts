import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Gitlab as Gitbeaker } from "@gitbeaker/rest";
import { startGitlab, type Gitlab } from "../../fake-gitlab";
import { runPythonGitlab } from "../support/python-gitlab";

/**
 * Third-party clients against the fake GitLab: they must read the same from its responses as they
 * would from GitLab's.
 */
let gitlab: Gitlab;
let token: string;
/** A runner of the instance that has run one job of the project. */
let runner: { readonly id: number; readonly token: string };
let jobId: number;
let projectId: number;

beforeAll(async () => {
  gitlab = await startGitlab({ switches: { longPollSeconds: 0, registrationAllowed: true } });
  ({ id: projectId } = await gitlab.createProject({ path: "acme/app" }));
  // The list of own runners shows the runners of the user's projects, even to an administrator.
  ({ token } = await gitlab.createPersonalAccessToken({
    ...{ username: "ada", admin: true, roles: [{ projectId, level: 50 }] },
    scopes: ["api", "admin_mode"],
  }));
  await gitlab.createMergeRequest({ project: projectId, title: "Change" });
  // A second runner, so that a list with one entry per page has two pages.
  await gitlab.createRunner({ type: "project_type", projectId });
  runner = await gitlab.createRunner({});
  jobId = await runJob();
});

afterAll(() => gitlab.stop());

/** Runs a job as a runner would, with a one-line log. */
async function runJob(): Promise<number> {
  const { id } = await gitlab.enqueueJob({ project: projectId, script: ["true"] });
  const request = await call("POST", "jobs/request", {
    token: runner.token,
    system_id: "r_000000000000",
  });
  const job = (await request.json()) as { id: number; token: string };
  await call("PATCH", `jobs/${job.id}/trace`, "done\n", {
    "job-token": job.token,
    "content-range": "0-4",
  });
  await call("PUT", `jobs/${job.id}`, { token: job.token, state: "success" });
  expect(job.id).toBe(id);
  return id;
}

async function call(
  method: string,
  path: string,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain" : "application/json";
  const response = await fetch(`${gitlab.url}/api/v4/${path}`, {
    ...{ method, body: text, headers: { "content-type": type, ...headers } },
    signal: AbortSignal.timeout(10_000),
  });
  expect(response.ok).toBe(true);
  return response;
}

it("python-gitlab reads and changes runners, managers, jobs and notes", async () => {
  const seen = await runPythonGitlab({
    GITLAB_URL: gitlab.url,
    GITLAB_TOKEN: token,
    PROJECT_ID: String(projectId),
    JOB_ID: String(jobId),
    RUNNER_ID: String(runner.id),
  });

  expect(seen).toEqual({
    user: "ada",
    version: "19.4.0-ee",
    token: "glrt-",
    tags: ["a", "b"],
    changed: { paused: true, tags: ["c"] },
    listedIn: ["all", "own", "paused", "project"],
    ownOnPagesOfOne: 2,
    verified: null,
    refused: 403,
    // The first verify had no system ID.
    managers: ["<legacy>", "r_000000000001"],
    managersLeft: ["<legacy>"],
    job: { status: "success", runner: true },
    log: "done\n",
    jobsOfProject: [jobId],
    jobsOfRunner: [jobId],
    notes: ["second"],
    notesLeft: 0,
    deleted: 404,
    wrongToken: 401,
  });
});

describe("@gitbeaker/rest", () => {
  const connect = (as = token): InstanceType<typeof Gitbeaker> =>
    new Gitbeaker({ host: gitlab.url, token: as });

  it("creates, reads, changes, lists and deletes a runner", async () => {
    const { Runners, Users } = connect();
    const made = await Users.createCIRunner("project_type", {
      projectId,
      description: "by gitbeaker",
      tagList: ["a", "b"],
    });
    expect(made).toMatchObject({ id: expect.any(Number), token: expect.stringMatching(/^glrt-/) });
    const { id } = made as { id: number };

    await Runners.edit(id, { paused: true, tagList: ["c"] });

    expect(await Runners.show(id)).toMatchObject({ paused: true, tag_list: ["c"] });
    const holds = (runners: readonly { id: number }[]): boolean =>
      runners.some((one) => one.id === id);
    const own = await Runners.all({ owned: true, perPage: 1 });
    expect([own.length, holds(own)]).toEqual([2, true]);
    expect(holds(await Runners.all({ perPage: 1 }))).toBe(true);
    expect(holds(await Runners.all({ projectId }))).toBe(true);
    expect(holds(await Runners.all({ status: "online" }))).toBe(false);

    await Runners.remove({ runnerId: id });
    await expect(Runners.show(id)).rejects.toMatchObject({
      cause: { description: "404 Runner Not Found" },
    });
  });

  it("registers a runner with a registration token, and deletes it with the runner's token", async () => {
    const { Runners } = connect();
    const registration = await gitlab.registrationToken({ owner: `project:${projectId}` });

    const made = await Runners.register(registration.token, {
      description: "legacy",
      tagList: ["a"],
    });

    expect(await Runners.show(made.id)).toMatchObject({
      description: "legacy",
      runner_type: "project_type",
    });
    await Runners.remove({ token: made.token });
    await expect(Runners.show(made.id)).rejects.toMatchObject({
      cause: { description: "404 Runner Not Found" },
    });
  });

  it("reads jobs and their logs, retries one and cancels it", async () => {
    const { Jobs, Runners } = connect();

    expect(await Jobs.show(projectId, jobId)).toMatchObject({
      status: "success",
      runner: { id: runner.id },
    });
    expect(await Jobs.showLog(projectId, jobId)).toBe("done\n");
    expect(await Runners.allJobs(runner.id, { status: "success" })).toMatchObject([{ id: jobId }]);
    const { id } = await gitlab.enqueueJob({
      project: projectId,
      script: ["true"],
      tags: ["nobody"],
    });
    expect(await Jobs.all(projectId, { scope: "pending" })).toMatchObject([{ id }]);
    expect(await Jobs.cancel(projectId, id)).toMatchObject({ id, status: "canceled" });
  });

  it("writes, changes and deletes a note of a merge request", async () => {
    const { MergeRequestNotes } = connect();
    const { id } = await MergeRequestNotes.create(projectId, 1, "first");

    await MergeRequestNotes.edit(projectId, 1, id, { body: "second" });

    expect(await MergeRequestNotes.all(projectId, 1)).toMatchObject([{ id, body: "second" }]);
    await MergeRequestNotes.remove(projectId, 1, id);
    expect(await MergeRequestNotes.all(projectId, 1)).toEqual([]);
  });

  it("is rejected with a token that GitLab does not know", async () => {
    await expect(connect("glpat-unknown").Runners.all()).rejects.toMatchObject({
      cause: { description: "401 Unauthorized" },
    });
  });
});
