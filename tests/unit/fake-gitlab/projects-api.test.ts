import { describe, expect, it } from "@jest/globals";
import {
  createTestGitlab,
  HOUR,
  NOON,
  tokenHeader,
  withRunningJob,
} from "../../support/gitlab-instance";

describe("jobs of a project", () => {
  it("are listed by scope, shown, and return their raw log", async () => {
    await using gitlab = await createTestGitlab();
    const { jobId, jobToken } = await withRunningJob(gitlab);
    const headers = await tokenHeader(gitlab);
    await gitlab.api(`PATCH /jobs/${jobId}/trace`, Buffer.from("log\n"), {
      "job-token": jobToken,
      "content-range": "0-3",
    });
    const get = (path: string) =>
      gitlab.api(`GET /projects/ci%2Fdemo/jobs${path}`, undefined, headers);
    expect((await get("?scope=running")).json).toMatchObject([{ id: jobId }]);
    expect((await get("?scope[]=pending&scope[]=failed")).json).toEqual([]);
    expect((await get("?scope=odd")).status).toBe(400);
    expect((await get(`/${jobId}`)).json).toMatchObject({
      status: "running",
      runner_manager: { system_id: "r_000000000001" },
    });
    expect((await get(`/${jobId}/trace`)).text).toBe("log\n");
    expect((await get("/99")).json).toEqual({ message: "404 Job Not Found" });
  });

  it("can be canceled and retried only with the required role", async () => {
    await using gitlab = await createTestGitlab();
    const { jobId } = await withRunningJob(gitlab);
    const headers = await tokenHeader(gitlab);
    const act = (path: string) =>
      gitlab.api(`POST /projects/1/jobs/${jobId}/${path}`, undefined, headers);
    const early = await act("retry");
    expect([early.status, early.json]).toEqual([
      403,
      { message: "403 Forbidden - Job is not retryable" },
    ]);
    expect((await act("cancel?force=true")).json).toMatchObject({ status: "canceled" });
    expect((await act("retry")).json).toMatchObject({ id: 2, status: "pending" });
    const reader = await tokenHeader(gitlab, {
      username: "reader",
      roles: [{ projectId: 1, level: 20 }],
    });
    const refused = await gitlab.api("POST /projects/1/jobs/2/cancel", undefined, reader);
    expect(refused.status).toBe(403);
  });
});

describe("the instance", () => {
  it("returns its version, and the user and token of the request", async () => {
    await using gitlab = await createTestGitlab();
    const headers = await tokenHeader(gitlab, { expiresAt: NOON + HOUR });
    const get = async (path: string): Promise<unknown> =>
      (await gitlab.api(`GET ${path}`, undefined, headers)).json;
    expect(await get("/version")).toMatchObject({ version: "19.4.0-ee", enterprise: true });
    expect(await get("/metadata")).toEqual(await get("/version"));
    expect(await get("/user")).toMatchObject({ username: "root", is_admin: true });
    expect(await get("/personal_access_tokens/self")).toMatchObject({
      scopes: ["api"],
      expires_at: "2026-11-24",
    });
    expect(await get("/groups/ci")).toMatchObject({ id: 1, full_path: "ci" });
    expect(await get("/projects/1")).toMatchObject({ path_with_namespace: "ci/demo" });
  });

  it("responds to an unknown route with GitLab's 404, and echoes the request ID", async () => {
    await using gitlab = await createTestGitlab();
    const answer = await gitlab.api("GET /odd", undefined, { "x-request-id": "abc" });
    expect([answer.status, answer.json]).toEqual([404, { error: "404 Not Found" }]);
    expect(answer.headers["x-request-id"]).toBe("abc");
  });

  it("hides a project from users who may not see it", async () => {
    await using gitlab = await createTestGitlab();
    const headers = await tokenHeader(gitlab, { username: "guest" });
    const answer = await gitlab.api("GET /projects/1", undefined, headers);
    expect([answer.status, answer.json]).toEqual([404, { message: "404 Project Not Found" }]);
  });
});
