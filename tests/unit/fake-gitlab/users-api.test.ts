import { describe, expect, it } from "@jest/globals";
import { createTestGitlab, NOON, tokenHeader, withRunningJob } from "../../support/gitlab-instance";

describe("personal access tokens", () => {
  it("are rejected with 401 if missing, unknown, revoked or expired", async () => {
    await using gitlab = await createTestGitlab();
    const revoked = await gitlab.controls.createPersonalAccessToken({});
    await gitlab.controls.revokePersonalAccessToken({ id: revoked.id });
    const expired = await tokenHeader(gitlab, { expiresAt: NOON });
    const ask = async (headers?: Record<string, string>): Promise<unknown[]> => {
      const { status, json } = await gitlab.api("GET /version", undefined, headers);
      return [status, json];
    };
    const unauthorized = [401, { message: "401 Unauthorized" }];
    expect(await ask()).toEqual(unauthorized);
    expect(await ask({ "private-token": "glpat-unknown" })).toEqual(unauthorized);
    const invalid = [401, expect.objectContaining({ error: "invalid_token" })];
    expect(await ask({ "private-token": revoked.token })).toEqual(invalid);
    expect(await ask(expired)).toEqual(invalid);
  });

  it("are accepted as PRIVATE-TOKEN, bearer token and parameter", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createPersonalAccessToken({});
    const bearer = { authorization: `Bearer ${token}` };
    expect((await gitlab.api("GET /user", undefined, bearer)).status).toBe(200);
    expect((await gitlab.api(`GET /user?private_token=${token}`)).status).toBe(200);
    const { events } = await gitlab.controls.events();
    expect(JSON.stringify(events)).not.toContain(token);
  });

  it.each([
    ["create_runner", "POST /user/runners", 201],
    ["create_runner", "GET /runners/1", 403],
    ["create_runner", "GET /user", 403],
    ["manage_runner", "GET /runners/1", 200],
    ["manage_runner", "DELETE /runners/1", 204],
    ["manage_runner", "POST /user/runners", 403],
    ["manage_runner", "GET /runners/all", 403],
    ["read_api", "GET /runners/1", 200],
    ["read_api", "GET /version", 200],
    ["read_api", "GET /projects/ci%2Fdemo/jobs", 200],
    ["read_api", "DELETE /runners/1", 403],
    ["read_user", "GET /user", 200],
    ["read_user", "GET /runners/1", 403],
    ["api", "GET /runners/all", 200],
  ] as const)("with the scope %s: %s responds with %i", async (scope, call, status) => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.createRunner({});
    const headers = await tokenHeader(gitlab, { scopes: [scope] });
    const body = call.startsWith("POST") ? { runner_type: "instance_type" } : undefined;
    const answer = await gitlab.api(call, body, headers);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.json).toMatchObject({ error: "insufficient_scope" });
  });
});

describe("POST /user/runners", () => {
  it("creates a runner with GitLab's defaults and returns its token only once", async () => {
    await using gitlab = await createTestGitlab();
    const headers = await tokenHeader(gitlab);
    const body = { runner_type: "project_type", project_id: 1, tag_list: ["a", "b"], locked: "" };
    const { status, json } = await gitlab.api("POST /user/runners", body, headers);
    expect(status).toBe(201);
    const { id, token } = json as { id: number; token: string };
    expect(token).toMatch(/^glrt-t3_/);
    const details = await gitlab.api(`GET /runners/${id}`, undefined, headers);
    expect(details.json).toMatchObject({
      tag_list: ["a", "b"],
      locked: false,
      run_untagged: true,
      access_level: "not_protected",
      contacted_at: null,
      status: "never_contacted",
      online: false,
      projects: [{ path_with_namespace: "ci/demo" }],
    });
    expect(details.text).not.toContain("token");
  });

  it.each([
    [{}, 400, { error: "runner_type is missing, runner_type does not have a valid value" }],
    [{ runner_type: "odd" }, 400, { error: "runner_type does not have a valid value" }],
    [{ runner_type: "group_type" }, 400, { error: "group_id is missing" }],
    [{ runner_type: "project_type" }, 400, { error: "project_id is missing" }],
    [
      { runner_type: "instance_type", run_untagged: false },
      400,
      {
        message:
          "400 Bad request - Tags list can not be empty when runner is not allowed to pick untagged jobs",
      },
    ],
    [
      { runner_type: "instance_type", maximum_timeout: 599 },
      400,
      { message: "400 Bad request - Maximum timeout needs to be at least 10 minutes" },
    ],
  ])("rejects %j", async (body, status, expected) => {
    await using gitlab = await createTestGitlab();
    const answer = await gitlab.api("POST /user/runners", body, await tokenHeader(gitlab));
    expect([answer.status, answer.json]).toEqual([status, expected]);
  });

  it("requires an administrator, a group Owner or a project Maintainer", async () => {
    await using gitlab = await createTestGitlab();
    const roles = [
      { groupId: 1, level: 40 },
      { projectId: 1, level: 40 },
    ];
    const headers = await tokenHeader(gitlab, { username: "dev", roles });
    const make = async (body: object): Promise<number> =>
      (await gitlab.api("POST /user/runners", body, headers)).status;
    expect(await make({ runner_type: "instance_type" })).toBe(403);
    expect(await make({ runner_type: "group_type", group_id: 1 })).toBe(403);
    expect(await make({ runner_type: "project_type", project_id: 1 })).toBe(201);
  });

  it("accepts a form as well as JSON", async () => {
    await using gitlab = await createTestGitlab();
    const headers = {
      ...(await tokenHeader(gitlab)),
      "content-type": "application/x-www-form-urlencoded",
    };
    const form = Buffer.from("runner_type=instance_type&tag_list=a,b&paused=true");
    expect((await gitlab.api("POST /user/runners", form, headers)).status).toBe(201);
    expect(await gitlab.controls.runners()).toMatchObject([{ tags: ["a", "b"], paused: true }]);
  });
});

describe("/runners/:id", () => {
  it("can be edited with PUT, which returns validation errors as an object", async () => {
    await using gitlab = await createTestGitlab();
    const headers = await tokenHeader(gitlab);
    await gitlab.controls.createRunner({ tags: ["a"] });
    const put = (body: object) => gitlab.api("PUT /runners/1", body, headers);
    expect((await put({ paused: true, tag_list: "b,c" })).json).toMatchObject({
      paused: true,
      active: false,
      tag_list: ["b", "c"],
    });
    expect((await put({})).status).toBe(400);
    expect((await put({ paused: true, active: true })).json).toEqual({
      error: "paused, active are mutually exclusive",
    });
    expect((await put({ run_untagged: false, tag_list: [] })).json).toEqual({
      message: {
        tags_list: ["can not be empty when runner is not allowed to pick untagged jobs"],
      },
    });
  });

  it("responds with 404 if unknown, 403 without permission, and 200 for an instance runner", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.createRunner({});
    await gitlab.controls.createRunner({ type: "project_type", projectId: 1 });
    const headers = await tokenHeader(gitlab, { username: "guest" });
    const get = (id: number) => gitlab.api(`GET /runners/${id}`, undefined, headers);
    expect((await get(1)).status).toBe(200);
    expect((await get(2)).json).toEqual({ message: "403 Forbidden - No access granted" });
    expect((await get(3)).json).toEqual({ message: "404 Runner Not Found" });
    expect((await gitlab.api("DELETE /runners/1", undefined, headers)).status).toBe(403);
  });

  it("can be reset with a null body, which rejects the old token at once", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const headers = await tokenHeader(gitlab);
    const call = "POST /runners/1/reset_authentication_token";
    const answer = await gitlab.api(call, null, headers);
    expect([answer.status, answer.json]).toMatchObject([201, { token_expires_at: null }]);
    expect((await gitlab.poll(token)).status).toBe(403);
  });

  it("lists managers, and jobs also by system ID", async () => {
    await using gitlab = await createTestGitlab();
    const headers = await tokenHeader(gitlab);
    await withRunningJob(gitlab);
    expect((await gitlab.api("GET /runners/1/managers", undefined, headers)).json).toEqual([
      {
        id: 1,
        system_id: "r_000000000001",
        version: "19.4.0",
        revision: "fc1f1862",
        platform: "linux",
        architecture: "amd64",
        created_at: "2026-11-24T12:00:00.000Z",
        contacted_at: "2026-11-24T12:00:00.000Z",
        ip_address: "127.0.0.1",
        status: "online",
        job_execution_status: "active",
      },
    ]);
    const jobs = async (query: string): Promise<unknown> =>
      (await gitlab.api(`GET /runners/1/jobs?${query}`, undefined, headers)).json;
    expect(await jobs("system_id=r_000000000001")).toMatchObject([{ id: 1, status: "running" }]);
    expect(await jobs("system_id=r_000000000002")).toEqual([]);
    expect(await jobs("status=odd")).toEqual({ error: "status does not have a valid value" });
  });
});

describe("lists of runners", () => {
  it("come in pages of 20, at most 100, with GitLab's headers", async () => {
    await using gitlab = await createTestGitlab();
    for (let n = 0; n < 21; n += 1) await gitlab.controls.createRunner({});
    const headers = await tokenHeader(gitlab);
    const first = await gitlab.api("GET /runners/all", undefined, headers);
    expect(first.json).toHaveLength(20);
    expect(first.headers).toMatchObject({
      "x-total": "21",
      "x-next-page": "2",
      "x-total-pages": "2",
    });
    expect(first.headers["link"]).toContain('page=2&per_page=20>; rel="next"');
    const second = await gitlab.api("GET /runners/all?page=2", undefined, headers);
    expect([second.json, second.headers["x-next-page"]]).toMatchObject([[{ id: 21 }], ""]);
    const all = await gitlab.api("GET /runners/all?per_page=1000", undefined, headers);
    expect(all.headers["x-per-page"]).toBe("100");
  });

  it("filter by type, paused and tags, and reject unknown values", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.createRunner({ tags: ["a"], paused: true });
    await gitlab.controls.createRunner({ type: "group_type", groupId: 1, tags: ["a", "b"] });
    const headers = await tokenHeader(gitlab);
    const ids = async (path: string): Promise<unknown> => {
      const { status, json } = await gitlab.api(`GET ${path}`, undefined, headers);
      return status === 200 ? (json as { id: number }[]).map(({ id }) => id) : status;
    };
    expect(await ids("/runners/all?type=group_type")).toEqual([2]);
    expect(await ids("/runners/all?paused=true")).toEqual([1]);
    expect(await ids("/runners/all?tag_list=a,b")).toEqual([2]);
    expect(await ids("/groups/ci/runners")).toEqual([1, 2]);
    expect(await ids("/projects/1/runners")).toEqual([1, 2]);
    expect(await ids("/runners/all?status=odd")).toBe(400);
  });
});
