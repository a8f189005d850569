import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { removeJobObjects } from "../../../../../runner-image/src/system/engine/job-objects";

type Answer = readonly [status: number, body: string];

/**
 * The engine's responses by request, one after the other; the last one stays. It answers any other
 * request with 500.
 */
let answers: Record<string, readonly Answer[]>;
let asked: string[];
let server: Server;
let folder: string;

const SYSTEM_ID = "r_abcdefghijkl";
const LABEL = encodeURIComponent(
  `{"label":["com.gitlab.gitlab-runner.runner.system_id=${SYSTEM_ID}","com.gitlab.gitlab-runner.managed=true"]}`,
);
const CONTAINERS = `GET /containers/json?all=1&filters=${LABEL}`;
const NONE: Answer = [200, "[]"];

/** A list of objects with gitlab-runner's labels. */
function listOf(ids: readonly string[], state = "running", systemId = SYSTEM_ID): Answer {
  const labels = {
    "com.gitlab.gitlab-runner.managed": "true",
    "com.gitlab.gitlab-runner.runner.system_id": systemId,
  };
  return [200, JSON.stringify(ids.map((Id) => ({ Id, State: state, Labels: labels })))];
}

const C1 = "DELETE /containers/c1?force=1&v=1";
const C2 = "DELETE /containers/c2?force=1&v=1";
const N1 = "DELETE /networks/n1";
const NETWORKS = `GET /networks?filters=${LABEL}`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
  asked = [];
  answers = {
    [CONTAINERS]: [listOf(["c1", "c2"]), NONE],
    [C1]: [[204, ""]],
    [C2]: [[204, ""]],
    [NETWORKS]: [listOf(["n1"]), NONE],
    [N1]: [[204, ""]],
  };
  server = createServer((request, response) => {
    const key = `${request.method ?? ""} ${request.url ?? ""}`;
    asked.push(key);
    const [answer, ...later] = answers[key] ?? [[500, '{"message":"not expected"}'] as const];
    if (later.length > 0) answers[key] = later;
    const [status, body] = answer ?? [500, ""];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "sock"), resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** @returns the IDs of the objects that were removed, and what was not */
async function remove(socket = "sock") {
  const engine = { kind: "socket", path: join(folder, socket) } as const;
  const removed = new Set<string>();
  const left = await removeJobObjects({ engine, systemId: SYSTEM_ID, removed });
  return { removed: [...removed], left };
}

describe("removeJobObjects", () => {
  it("removes the containers of that system ID with their volumes, then its networks", async () => {
    expect(await remove()).toEqual({ removed: ["c1", "c2", "n1"], left: undefined });
    expect(asked).toEqual([CONTAINERS, C1, C2, CONTAINERS, NETWORKS, N1, NETWORKS]);
  });

  it("asks nothing more if there are none", async () => {
    answers[CONTAINERS] = [NONE];
    answers[NETWORKS] = [NONE];
    expect(await remove()).toEqual({ removed: [], left: undefined });
    expect(asked).toEqual([CONTAINERS, NETWORKS]);
  });

  it("removes nothing of others, even if the engine ignores the filter", async () => {
    answers[CONTAINERS] = [listOf(["foreign"], "running", "r_anotherone00")];
    answers[NETWORKS] = [[200, '[{"Id":"bridge","Labels":{}},{"Id":"none","Labels":null},null]']];
    expect(await remove()).toEqual({ removed: [], left: undefined });
    expect(asked).toEqual([CONTAINERS, NETWORKS]);
  });

  it.each([404, 409, 500])("succeeds after %d if the object is then gone", async (status) => {
    answers[C1] = [[status, '{"message":"removal is in progress"}']];
    answers[N1] = [[status, '{"message":"removal is in progress"}']];
    expect(await remove()).toEqual({ removed: ["c1", "c2", "n1"], left: undefined });
  });

  it.each<[string, Answer, string]>([
    [
      "whose removal is in progress",
      [409, '{"message":"removal of container c2 is already in progress"}'],
      'DELETE /containers/c2: the engine answered 409 "removal of container c2 is already in progress"',
    ],
    [
      "that cannot be removed",
      [500, '{"message":"device or\\nresource busy"}'],
      'DELETE /containers/c2: the engine answered 500 "device or resource busy"',
    ],
    ["without a reason", [204, ""], "the engine still has /containers/c2"],
  ])("says that a job may run if the engine keeps a container %s", async (_, answer, reason) => {
    answers[C2] = [answer];
    answers[CONTAINERS] = [listOf(["c1", "c2"]), listOf(["c2"])];
    expect(await remove()).toEqual({ removed: ["c1"], left: { reason, mayRun: true } });
    expect(asked).not.toContain(N1);
  });

  it.each(["created", "exited", "dead"])(
    "says that no job runs if the engine keeps a container that is %s",
    async (state) => {
      answers[C2] = [[500, '{"message":"device or resource busy"}']];
      answers[CONTAINERS] = [listOf(["c1", "c2"], state), listOf(["c2"], state)];
      expect((await remove()).left?.mayRun).toBe(false);
    },
  );

  it("says that no job runs if the engine keeps a network", async () => {
    answers[N1] = [[403, '{"message":"network n1 has active endpoints"}']];
    answers[NETWORKS] = [listOf(["n1"])];
    const reason = 'DELETE /networks/n1: the engine answered 403 "network n1 has active endpoints"';
    expect(await remove()).toEqual({ removed: ["c1", "c2"], left: { reason, mayRun: false } });
  });

  it.each([
    ["something other than a list", "{}"],
    ["something other than JSON", "<html>"],
  ])("removes nothing if the engine returns %s: a job may run", async (_, body) => {
    answers[CONTAINERS] = [[200, body]];
    const { left } = await remove();
    expect(left).toEqual({ reason: expect.stringContaining("the engine"), mayRun: true });
    expect(asked).toEqual([CONTAINERS]);
  });

  it("says what to do if there is no engine", async () => {
    const reason = "GET /containers/json: this replica has no such file: mount the engine's socket";
    const { left } = await remove("none");
    expect(left).toEqual({ reason: expect.stringContaining(reason), mayRun: true });
  });
});
