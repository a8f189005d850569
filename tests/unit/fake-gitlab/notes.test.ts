import { describe, expect, it } from "@jest/globals";
import {
  type InjectedResponse,
  createTestGitlab,
  type TestGitlab,
  withRunningJob,
} from "../../support/gitlab-instance";

const NOTES = "/projects/ci%2Fdemo/merge_requests/1/notes";

interface Fixture extends AsyncDisposable {
  readonly gitlab: TestGitlab;
  readonly call: (
    call: Parameters<TestGitlab["api"]>[0],
    body?: object,
  ) => Promise<InjectedResponse>;
}

async function start(): Promise<Fixture> {
  const gitlab = await createTestGitlab();
  await gitlab.controls.createMergeRequest({ title: "Change" });
  const { token } = await gitlab.controls.createPersonalAccessToken({});
  return {
    gitlab,
    call: (call, body) => gitlab.api(call, body, { "private-token": token }),
    [Symbol.asyncDispose]: () => gitlab[Symbol.asyncDispose](),
  };
}

describe("merge request notes", () => {
  it("can be created, read, changed and deleted", async () => {
    await using fixture = await start();
    const { gitlab, call } = fixture;
    const made = await call(`POST ${NOTES}`, { body: "first" });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      id: 1,
      body: "first",
      author: { username: "root" },
      noteable_type: "MergeRequest",
      noteable_iid: 1,
      system: false,
      internal: false,
    });
    await gitlab.controls.advanceClock({ ms: 1000 });
    const changed = await call(`PUT ${NOTES}/1`, { body: "second" });
    expect([changed.status, changed.json]).toMatchObject([
      200,
      { body: "second", updated_at: "2026-11-24T12:00:01.000Z" },
    ]);
    expect((await call(`GET ${NOTES}/1`)).json).toEqual(changed.json);
    expect((await call(`DELETE ${NOTES}/1`)).status).toBe(204);
    expect((await call(`DELETE ${NOTES}/1`)).json).toEqual({ message: "404 Not found" });
  });

  it("are listed newest first or in the requested order, in pages", async () => {
    await using fixture = await start();
    const { call } = fixture;
    for (const body of ["a", "b", "c"]) await call(`POST ${NOTES}`, { body });
    const bodies = async (query: string): Promise<unknown> =>
      ((await call(`GET ${NOTES}?${query}`)).json as { body: string }[]).map(({ body }) => body);
    expect(await bodies("")).toEqual(["c", "b", "a"]);
    expect(await bodies("sort=asc")).toEqual(["a", "b", "c"]);
    expect(await bodies("sort=asc&per_page=2&page=2")).toEqual(["c"]);
  });

  it.each([
    [`POST ${NOTES}`, {}, 400, { error: "body is missing" }],
    [`POST ${NOTES}`, { body: " " }, 400, { message: "400 Bad request - Note can't be blank" }],
    [
      `POST ${NOTES}`,
      { body: "/close" },
      202,
      { commands_changes: {}, summary: ["Applied the commands."] },
    ],
    [
      "POST /projects/1/merge_requests/2/notes",
      { body: "x" },
      404,
      { message: "404 Merge Request Not Found" },
    ],
    [
      "POST /projects/9/merge_requests/1/notes",
      { body: "x" },
      404,
      { message: "404 Project Not Found" },
    ],
  ] as const)("respond to %s %j with %i", async (path, body, status, expected) => {
    await using fixture = await start();
    const { call } = fixture;
    const answer = await call(path, body);
    expect([answer.status, answer.json]).toEqual([status, expected]);
  });

  it("can be read, but not written, with a job token", async () => {
    await using fixture = await start();
    const { gitlab, call } = fixture;
    await call(`POST ${NOTES}`, { body: "first" });
    const { jobToken } = await withRunningJob(gitlab);
    const headers = { "job-token": jobToken };
    expect((await gitlab.api(`GET ${NOTES}`, undefined, headers)).json).toHaveLength(1);
    const refused = await gitlab.api(`POST ${NOTES}`, { body: "x" }, headers);
    expect([refused.status, refused.json]).toEqual([401, { message: "401 Unauthorized" }]);
  });

  it("cannot be changed by a Reporter who did not write them", async () => {
    await using fixture = await start();
    const { gitlab, call } = fixture;
    await call(`POST ${NOTES}`, { body: "first" });
    const roles = [{ projectId: 1, level: 20 }];
    const { token } = await gitlab.controls.createPersonalAccessToken({ username: "rep", roles });
    const headers = { "private-token": token };
    expect((await gitlab.api(`PUT ${NOTES}/1`, { body: "x" }, headers)).status).toBe(403);
    expect((await gitlab.api(`POST ${NOTES}`, { body: "x" }, headers)).status).toBe(201);
  });
});
