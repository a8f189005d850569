import { describe, expect, it } from "@jest/globals";
import { createTestGitlab, DAY, NOON, RUNNER_INFO } from "../../support/gitlab-instance";

const SYSTEM_ID = "r_abcdefghijkl";

describe("POST /runners", () => {
  it("responds with 410 while registration tokens are disabled, even to unknown tokens", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.registrationToken();
    const gone = { message: "410 Gone - runner registration disallowed" };
    for (const given of [token, "GR1348941unknown"]) {
      const answer = await gitlab.api("POST /runners", { token: given });
      expect([answer.status, answer.json]).toEqual([410, gone]);
    }
  });

  it("creates a runner of the token's type with the given settings and no manager", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ registrationAllowed: true });
    const { token } = await gitlab.controls.registrationToken({ owner: "group:1" });
    const answer = await gitlab.api("POST /runners", {
      token,
      description: "replica 1",
      tag_list: "docker, linux",
      run_untagged: false,
      locked: true,
      maximum_timeout: 900,
      info: { name: "gitlab-runner" },
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      id: 1,
      token: expect.stringMatching(/^glrtr-/),
      token_expires_at: null,
    });
    expect((await gitlab.controls.runners())[0]).toMatchObject({
      type: "group_type",
      groupId: 1,
      description: "replica 1",
      tags: ["docker", "linux"],
      runUntagged: false,
      locked: true,
      maximumTimeout: 900,
      contactedAt: null,
    });
    expect(await gitlab.controls.managers()).toEqual([]);
  });

  it.each([
    [{}, { error: "token is missing" }, 400],
    [{ token: "x" }, { message: "403 Forbidden - invalid token supplied" }, 403],
    [{ token: "x", paused: "maybe" }, { error: "paused is invalid" }, 400],
    [
      { token: "x", paused: true, active: true },
      { error: "active, paused are mutually exclusive" },
      400,
    ],
  ])("rejects %j", async (body, expected, status) => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ registrationAllowed: true });
    const answer = await gitlab.api("POST /runners", body);
    expect([answer.status, answer.json]).toEqual([status, expected]);
  });

  it("returns validation errors as an object", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ registrationAllowed: true });
    const { token } = await gitlab.controls.registrationToken();
    const answer = await gitlab.api("POST /runners", { token, run_untagged: false });
    const text = "can not be empty when runner is not allowed to pick untagged jobs";
    expect([answer.status, answer.json]).toEqual([400, { message: { tags_list: [text] } }]);
  });
});

describe("POST /runners/verify", () => {
  it("creates the manager as online, and returns the runner's ID and expiry", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ runnerTokenLifeSeconds: 86_400 });
    const { id, token } = await gitlab.controls.createRunner({});
    const body = { token, system_id: SYSTEM_ID, info: RUNNER_INFO };
    const answer = await gitlab.api("POST /runners/verify", body);
    const expires = new Date(NOON + DAY).toISOString();
    expect([answer.status, answer.json]).toEqual([200, { id, token, token_expires_at: expires }]);
    expect(await gitlab.controls.managers()).toMatchObject([
      { systemId: SYSTEM_ID, status: "online", version: "19.4.0", executor: "shell" },
    ]);
  });

  it("creates a manager named <legacy> without a system ID", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    expect((await gitlab.api("POST /runners/verify", { token })).status).toBe(200);
    expect(await gitlab.controls.managers()).toMatchObject([{ systemId: "<legacy>" }]);
  });

  it("responds with 403 to an unknown, a deleted and an expired token", async () => {
    await using gitlab = await createTestGitlab();
    const deleted = await gitlab.controls.createRunner({});
    await gitlab.controls.deleteRunner({ runnerId: deleted.id });
    await gitlab.controls.setSwitches({ runnerTokenLifeSeconds: 3600 });
    const expired = await gitlab.controls.createRunner({});
    await gitlab.controls.advanceClock({ ms: 3_600_000 });
    for (const token of ["glrt-unknown", deleted.token, expired.token]) {
      const answer = await gitlab.api("POST /runners/verify", { token });
      expect([answer.status, answer.json]).toEqual([403, { message: "403 Forbidden" }]);
    }
  });
});

describe("POST /runners/reset_authentication_token", () => {
  it("returns a new token, rejects the old one at once, and updates the <legacy> manager", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const answer = await gitlab.api("POST /runners/reset_authentication_token", { token });
    expect(answer.status).toBe(201);
    const next = (answer.json as { token: string }).token;
    expect((await gitlab.api("POST /runners/verify", { token })).status).toBe(403);
    expect((await gitlab.api("POST /runners/verify", { token: next })).status).toBe(200);
    expect(await gitlab.controls.managers()).toMatchObject([{ systemId: "<legacy>" }]);
  });
});

describe("DELETE /runners/managers", () => {
  it("removes only this manager, responds with 404 the second time, and never creates one", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token, "r_000000000001");
    await gitlab.poll(token, "r_000000000002");
    const body = { token, system_id: "r_000000000001" };
    expect((await gitlab.api("DELETE /runners/managers", body)).status).toBe(204);
    const again = await gitlab.api("DELETE /runners/managers", body);
    expect([again.status, again.json]).toEqual([
      404,
      { message: "404 Runner manager not found Not Found" },
    ]);
    const left = await gitlab.controls.managers();
    expect(left.map(({ systemId }) => systemId)).toEqual(["r_000000000002"]);
    expect(await gitlab.controls.runners()).toHaveLength(1);
  });

  it("removes the runner's contact time with the last manager", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token, SYSTEM_ID);
    await gitlab.api("DELETE /runners/managers", { token, system_id: SYSTEM_ID });
    expect(await gitlab.controls.runners()).toMatchObject([
      { contactedAt: null, status: "never_contacted" },
    ]);
  });

  it("is undone by the next poll, with a new ID", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token, SYSTEM_ID);
    await gitlab.api("DELETE /runners/managers", { token, system_id: SYSTEM_ID });
    await gitlab.poll(token, SYSTEM_ID);
    expect(await gitlab.controls.managers()).toMatchObject([{ id: 2, systemId: SYSTEM_ID }]);
  });

  it.each([
    [{ token: "t" }, 400, { error: "system_id is missing" }],
    [{}, 400, { error: "token is missing, system_id is missing" }],
    [{ token: "t", system_id: "s" }, 403, { message: "403 Forbidden" }],
  ])("rejects %j", async (body, status, expected) => {
    await using gitlab = await createTestGitlab();
    const answer = await gitlab.api("DELETE /runners/managers", body);
    expect([answer.status, answer.json]).toEqual([status, expected]);
  });
});

describe("DELETE /runners", () => {
  it("deletes the runner and all its managers that share the token", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token, "r_000000000001");
    await gitlab.poll(token, "r_000000000002");
    expect((await gitlab.api("DELETE /runners", { token })).status).toBe(204);
    expect(await gitlab.controls.managers()).toEqual([]);
    expect((await gitlab.poll(token, "r_000000000002")).status).toBe(403);
  });

  it("keeps the runner if it is newer than If-Unmodified-Since", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const since = { "if-unmodified-since": new Date(NOON - DAY).toUTCString() };
    expect((await gitlab.api("DELETE /runners", { token }, since)).status).toBe(412);
    expect(await gitlab.controls.runners()).toHaveLength(1);
  });
});

describe("runner tokens", () => {
  it.each([
    ["instance_type", /^acme-glrt-t1_[\w-]+\.01\.[0-9a-f]{9}$/],
    ["group_type", /^acme-glrt-t2_/],
    ["project_type", /^acme-glrt-t3_/],
  ] as const)("have the instance's prefix: %s", async (type, pattern) => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ tokenPrefix: "acme-" });
    const place = { instance_type: {}, group_type: { groupId: 1 }, project_type: { projectId: 1 } };
    const { token } = await gitlab.controls.createRunner({ type, ...place[type] });
    expect(token).toMatch(pattern);
  });

  it("are not in the state or in any list", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token);
    const everything = JSON.stringify([
      [...gitlab.instance.runners.values()],
      await gitlab.controls.runners(),
      await gitlab.controls.managers(),
      await gitlab.controls.events(),
    ]);
    expect(everything).not.toContain(token);
  });
});

describe("GET /runners/router/discovery", () => {
  it("responds with 501, because there is no job router", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const headers = { "runner-token": token };
    expect((await gitlab.api("GET /runners/router/discovery", undefined, headers)).status).toBe(
      501,
    );
  });
});
