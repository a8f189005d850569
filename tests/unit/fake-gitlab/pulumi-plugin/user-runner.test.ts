import { describe, expect, it } from "@jest/globals";
import { startGitlab, type FaultAction, type Gitlab } from "../../../../fake-gitlab";
import type { GitlabAccess } from "../../../../fake-gitlab/pulumi-plugin/gitlab-client";
import {
  createRunner,
  deleteRunner,
  diffRunner,
  readRunner,
  updateRunner,
} from "../../../../fake-gitlab/pulumi-plugin/user-runner";

const INPUTS = {
  runnerType: "project_type",
  projectId: 1,
  description: "ci",
  tagLists: ["b", "a"],
  untagged: false,
  accessLevel: "ref_protected",
};

/** What the official plugin keeps of such a runner. */
const STATE = {
  id: "1",
  runnerType: "project_type",
  projectId: 1,
  description: "ci",
  tagLists: ["a", "b"],
  untagged: false,
  accessLevel: "ref_protected",
  locked: false,
  paused: false,
  maximumTimeout: 0,
  maintenanceNote: "",
  token: expect.any(String) as unknown,
};

interface Fixture extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly access: GitlabAccess;
  /** Waits before new tries so far. */
  readonly waits: number[];
}

async function start(scopes: readonly string[] = ["api"]): Promise<Fixture> {
  const gitlab = await startGitlab();
  const { token } = await gitlab.createPersonalAccessToken({ scopes: [...scopes] });
  const waits: number[] = [];
  const wait = (n: number): Promise<void> => {
    waits.push(n);
    return Promise.resolve();
  };
  const access = { baseUrl: `${gitlab.url}/api/v4/`, token, wait };
  return { gitlab, access, waits, [Symbol.asyncDispose]: () => gitlab.stop() };
}

describe("UserRunner of the fake plugin", () => {
  it("stores the same state as the official plugin", async () => {
    await using fixture = await start(["create_runner", "manage_runner"]);
    const { gitlab, access } = fixture;
    const { id, outs } = await createRunner(access, INPUTS);
    expect([id, outs]).toEqual(["1", STATE]);
    expect(outs["token"]).toMatch(/^glrt-t3_/);
    expect(await gitlab.runners()).toMatchObject([{ id: 1, description: "ci", tags: ["b", "a"] }]);
  });

  it("cannot read the new runner with the scope create_runner alone, but has created it", async () => {
    await using fixture = await start(["create_runner"]);
    const { gitlab, access } = fixture;
    await expect(createRunner(access, INPUTS)).rejects.toThrow(
      /^Error reading new GitLab runner after creation: GET .*\/runners\/1: 403 \{error: insufficient_scope\}, .*\{scope: api manage_runner read_api\}$/,
    );
    expect(await gitlab.runners()).toHaveLength(1);
  });

  it("fails with GitLab's own message", async () => {
    await using fixture = await start();
    await expect(createRunner(fixture.access, { ...INPUTS, tagLists: [] })).rejects.toThrow(
      /POST http.*user\/runners: 400 \{message: 400 Bad request - Tags list can not be empty/,
    );
  });

  it("is refreshed from GitLab and keeps the known token", async () => {
    await using fixture = await start();
    const { gitlab, access } = fixture;
    const { outs } = await createRunner(access, INPUTS);
    await gitlab.editRunner({ runnerId: 1, description: "changed", maximumTimeout: 7200 });
    expect(await readRunner(access, "1", outs, INPUTS)).toEqual({
      props: { ...STATE, description: "changed", maximumTimeout: 7200, token: outs["token"] },
      inputs: { ...INPUTS, description: "changed", tagLists: ["a", "b"] },
    });
  });

  it("reads as missing if GitLab does not know it, and cannot be deleted", async () => {
    await using fixture = await start();
    const { access } = fixture;
    expect(await readRunner(access, "12", INPUTS)).toBeUndefined();
    await expect(deleteRunner(access, "12")).rejects.toThrow(
      /^Unable to delete runner: 404 Not Found$/,
    );
  });

  it("is deleted with its managers", async () => {
    await using fixture = await start();
    const { gitlab, access } = fixture;
    await createRunner(access, INPUTS);
    await deleteRunner(access, "1");
    expect(await gitlab.runners()).toEqual([]);
  });

  it("is updated in place and keeps a timeout that the program no longer sets", async () => {
    await using fixture = await start();
    const { gitlab, access } = fixture;
    const { outs } = await createRunner(access, { ...INPUTS, maximumTimeout: 7200 });
    const changed = await updateRunner(access, "1", outs, { ...INPUTS, tagLists: ["c"] });
    expect(changed).toEqual({
      ...STATE,
      tagLists: ["c"],
      maximumTimeout: 7200,
      token: outs["token"],
    });
    expect(await gitlab.runners()).toMatchObject([{ tags: ["c"], maximumTimeout: 7200 }]);
  });
});

describe("a diff of a UserRunner", () => {
  const olds = { ...STATE, maximumTimeout: 7200, token: "glrt-known" };

  it.each([
    [{ tagLists: ["a", "b"] }, [], []],
    [{ description: "new" }, ["description"], []],
    [{ untagged: true, locked: true }, ["locked", "untagged"], []],
    [{ maximumTimeout: undefined }, [], []],
    [{ maximumTimeout: 3600 }, ["maximumTimeout"], []],
    [{ projectId: 8 }, ["projectId"], ["projectId"]],
    [
      { runnerType: "group_type", projectId: undefined, groupId: 1 },
      ["groupId", "projectId", "runnerType"],
      ["groupId", "projectId", "runnerType"],
    ],
  ])("with change %j lists %j and replaces for %j", (change, differing, replaces) => {
    const news = { ...INPUTS, ...change };
    expect(diffRunner(olds, news)).toEqual({ changes: differing.length > 0, differing, replaces });
  });
});

describe("a request of the fake plugin", () => {
  const busy: readonly (readonly [string, FaultAction])[] = [
    ["429", { kind: "status", status: 429 }],
    ["502 of a proxy", { kind: "text", text: "<h1>Bad", status: 502 }],
    ["500", { kind: "status", status: 500 }],
  ];

  it.each(busy)("is retried after %s", async (_, action) => {
    await using fixture = await start();
    const { gitlab, access, waits } = fixture;
    await gitlab.addFault({ action, times: 3 });
    expect((await createRunner(access, INPUTS)).id).toBe("1");
    expect(waits).toEqual([1, 2, 3]);
  });

  it("is retried ten times, or as often as the provider says, and then fails with GitLab's message", async () => {
    await using fixture = await start();
    const { gitlab, access, waits } = fixture;
    await gitlab.addFault({ action: { kind: "status", status: 503 } });
    await expect(deleteRunner(access, "1")).rejects.toThrow(
      /runners\/1: 503 \{message: 503 Service Unavailable\}$/,
    );
    expect(waits).toHaveLength(10);
    await expect(deleteRunner({ ...access, retries: 2 }, "1")).rejects.toThrow("503");
    expect(waits).toHaveLength(12);
  });

  it("is retried if the connection is refused, but not if it is reset", async () => {
    await using fixture = await start();
    const { gitlab, access, waits } = fixture;
    const gone = await startGitlab();
    await gone.stop();
    const nowhere = { ...access, baseUrl: `${gone.url}/api/v4/`, retries: 2 };
    await expect(createRunner(nowhere, INPUTS)).rejects.toThrow("ECONNREFUSED");
    expect(waits).toEqual([1, 2]);
    await gitlab.addFault({ action: { kind: "reset" } });
    await expect(createRunner(access, INPUTS)).rejects.toThrow();
    expect(waits).toHaveLength(2);
  });

  it("is not retried after 403", async () => {
    await using fixture = await start(["read_api"]);
    await expect(createRunner(fixture.access, INPUTS)).rejects.toThrow("insufficient_scope");
    expect(fixture.waits).toEqual([]);
  });
});
