import { describe, expect, it } from "@jest/globals";
import { createTestGitlab, DAY, HOUR, type TestGitlab } from "../../support/gitlab-instance";

async function statuses(gitlab: TestGitlab): Promise<(string | undefined)[]> {
  const [manager] = await gitlab.controls.managers();
  const [runner] = await gitlab.controls.runners();
  return [manager?.status, runner?.status];
}

describe("manager and runner status", () => {
  it("is online for two hours, then offline, and stale after seven days", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ cleanUpManagers: false });
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token);
    expect(await statuses(gitlab)).toEqual(["online", "online"]);
    await gitlab.controls.advanceClock({ ms: 2 * HOUR - 1 });
    expect(await statuses(gitlab)).toEqual(["online", "online"]);
    await gitlab.controls.advanceClock({ ms: 1 });
    expect(await statuses(gitlab)).toEqual(["offline", "offline"]);
    await gitlab.controls.advanceClock({ ms: 7 * DAY - 2 * HOUR });
    expect(await statuses(gitlab)).toEqual(["stale", "stale"]);
  });

  it("is never_contacted before a runner's first contact, and paused while it is paused", async () => {
    await using gitlab = await createTestGitlab();
    const { id: runnerId, token } = await gitlab.controls.createRunner({ paused: true });
    expect((await statuses(gitlab))[1]).toBe("never_contacted");
    await gitlab.poll(token);
    expect((await statuses(gitlab))[1]).toBe("paused");
    await gitlab.controls.editRunner({ runnerId, paused: false });
    expect((await statuses(gitlab))[1]).toBe("online");
  });

  it("is stale for an old runner as soon as its last manager is removed", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.controls.advanceClock({ ms: 8 * DAY });
    await gitlab.poll(token);
    expect((await statuses(gitlab))[1]).toBe("online");
    await gitlab.api("DELETE /runners/managers", { token, system_id: "r_000000000001" });
    expect((await statuses(gitlab))[1]).toBe("stale");
  });
});

describe("the cleanup of managers", () => {
  it("removes managers after seven days without contact, but no runners", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.poll(token);
    await gitlab.controls.advanceClock({ ms: 7 * DAY });
    expect(await gitlab.controls.managers()).toHaveLength(0);
    expect(await gitlab.controls.runners()).toHaveLength(1);
  });

  it("runs at minute 36 of an hour", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.controls.advanceClock({ ms: 40 * 60_000 });
    await gitlab.poll(token);
    await gitlab.controls.advanceClock({ ms: 7 * DAY - 2 * 60_000 });
    await gitlab.controls.advanceClock({ ms: 2 * 60_000 });
    expect(await gitlab.controls.managers()).toMatchObject([{ status: "stale" }]);
    await gitlab.controls.advanceClock({ ms: 56 * 60_000 });
    expect(await gitlab.controls.managers()).toHaveLength(0);
  });
});

describe("lists of runners", () => {
  it("filter by a contact time that lags behind the one of the runner's page", async () => {
    await using gitlab = await createTestGitlab();
    const { id, token } = await gitlab.controls.createRunner({});
    const pat = (await gitlab.controls.createPersonalAccessToken({})).token;
    await gitlab.poll(token);
    for (let n = 0; n < 3; n += 1) {
      await gitlab.controls.advanceClock({ ms: 39 * 60_000 });
      await gitlab.poll(token);
    }
    await gitlab.controls.advanceClock({ ms: 2 * HOUR - 1000 });
    const headers = { "private-token": pat };
    const one = await gitlab.api(`GET /runners/${id}`, undefined, headers);
    expect(one.json).toMatchObject({ online: true, status: "online" });
    const online = await gitlab.api("GET /runners/all?status=online", undefined, headers);
    expect(online.json).toEqual([]);
  });
});
