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

const LABEL = encodeURIComponent(
  '{"label":["com.gitlab.gitlab-runner.runner.system_id=r_abcdefghijkl"]}',
);
const CONTAINERS = `GET /containers/json?all=1&filters=${LABEL}`;
const NONE: Answer = [200, "[]"];
const C1 = "DELETE /containers/c1?force=1&v=1";
const C2 = "DELETE /containers/c2?force=1&v=1";
const N1 = "DELETE /networks/n1";
const NETWORKS = `GET /networks?filters=${LABEL}`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
  asked = [];
  answers = {
    [CONTAINERS]: [[200, '[{"Id":"c1"},{"Id":"c2"}]'], NONE],
    [C1]: [[204, ""]],
    [C2]: [[204, ""]],
    [NETWORKS]: [[200, '[{"Id":"n1"}]'], NONE],
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

/** @returns how many objects were found */
async function remove(socket = "sock"): Promise<number> {
  const engine = { kind: "socket", path: join(folder, socket) } as const;
  const found = new Set<string>();
  await removeJobObjects({ engine, systemId: "r_abcdefghijkl", found });
  return found.size;
}

describe("removeJobObjects", () => {
  it("removes the containers of that system ID with their volumes, then its networks", async () => {
    expect(await remove()).toBe(3);
    expect(asked).toEqual([CONTAINERS, C1, C2, CONTAINERS, NETWORKS, N1, NETWORKS]);
  });

  it("asks nothing more if there are none", async () => {
    answers[CONTAINERS] = [NONE];
    answers[NETWORKS] = [NONE];
    expect(await remove()).toBe(0);
    expect(asked).toEqual([CONTAINERS, NETWORKS]);
  });

  it.each([404, 409, 500])("succeeds after %d if the object is then gone", async (status) => {
    answers[C1] = [[status, '{"message":"removal is in progress"}']];
    answers[N1] = [[status, '{"message":"removal is in progress"}']];
    expect(await remove()).toBe(3);
  });

  it.each<[string, string, Answer, string]>([
    [
      "a container whose removal is in progress",
      C2,
      [409, '{"message":"removal of container c2 is already in progress"}'],
      'DELETE /containers/c2: the engine answered 409 "removal of container c2 is already in progress"',
    ],
    [
      "a container that cannot be removed",
      C2,
      [500, '{"message":"device or\\nresource busy"}'],
      'DELETE /containers/c2: the engine answered 500 "device or resource busy"',
    ],
    ["a container without a reason", C2, [204, ""], "the engine still has /containers/c2"],
    [
      "a network with active endpoints",
      N1,
      [403, '{"message":"network n1 has active endpoints"}'],
      'DELETE /networks/n1: the engine answered 403 "network n1 has active endpoints"',
    ],
  ])("fails if the engine still has %s", async (_, request, answer, reason) => {
    answers[request] = [answer];
    const id = /\/([cn]\d)/.exec(request)?.[1] ?? "";
    const list = request === N1 ? NETWORKS : CONTAINERS;
    answers[list] = [[200, `[{"Id":"${id}"}]`]];
    await expect(remove()).rejects.toThrow(reason);
    expect(asked.includes(N1)).toBe(request === N1);
  });

  it.each([
    ["something other than a list", "{}"],
    ["something other than JSON", "<html>"],
    ["objects without an ID", "[{},null]"],
  ])("fails if the engine returns %s, and removes nothing", async (_, body) => {
    answers[CONTAINERS] = [[200, body]];
    await expect(remove()).rejects.toThrow("the engine");
    expect(asked).toEqual([CONTAINERS]);
  });

  it("fails without an engine, and says what to do", async () => {
    await expect(remove("none")).rejects.toThrow(
      "GET /containers/json: this replica has no such file: mount the engine's socket",
    );
  });
});
