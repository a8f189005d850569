import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { removeJobObjects } from "../../../../../runner-image/src/system/engine/job-objects";

/** The engine's responses by request. It answers any other request with 500. */
let answers: Record<string, readonly [status: number, body: string]>;
let asked: string[];
let server: Server;
let folder: string;

const LABEL = encodeURIComponent(
  '{"label":["com.gitlab.gitlab-runner.runner.system_id=r_abcdefghijkl"]}',
);
const CONTAINERS = `GET /containers/json?all=1&filters=${LABEL}`;
const NETWORKS = `GET /networks?filters=${LABEL}`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
  asked = [];
  answers = {
    [CONTAINERS]: [200, '[{"Id":"c1"},{"Id":"c2"}]'],
    "DELETE /containers/c1?force=1&v=1": [204, ""],
    "DELETE /containers/c2?force=1&v=1": [204, ""],
    [NETWORKS]: [200, '[{"Id":"n1"}]'],
    "DELETE /networks/n1": [204, ""],
  };
  server = createServer((request, response) => {
    const key = `${request.method ?? ""} ${request.url ?? ""}`;
    asked.push(key);
    const [status, body] = answers[key] ?? [500, '{"message":"not expected"}'];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "sock"), resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const remove = () =>
  removeJobObjects({ kind: "socket", path: join(folder, "sock") }, "r_abcdefghijkl");

describe("removeJobObjects", () => {
  it("removes the containers of that system ID with their volumes, then its networks", async () => {
    expect(await remove()).toBe(3);
    expect(asked).toEqual(Object.keys(answers));
  });

  it.each([404, 409])("treats %d for a removal as done", async (status) => {
    answers["DELETE /containers/c1?force=1&v=1"] = [status, '{"message":"in progress"}'];
    expect(await remove()).toBe(3);
  });

  it("reports what the engine did not do", async () => {
    answers["DELETE /networks/n1"] = [403, '{"message":"has active endpoints"}'];
    await expect(remove()).rejects.toThrow(/DELETE \/networks\/n1: 403 .*has active endpoints/);
  });

  it.each([
    ["something other than a list", "{}"],
    ["objects without an ID", "[{},null]"],
  ])("removes nothing if the engine returns %s", async (_, body) => {
    answers[CONTAINERS] = [200, body];
    answers[NETWORKS] = [200, body];
    expect(await remove()).toBe(0);
  });

  it("fails without an engine", async () => {
    await expect(
      removeJobObjects({ kind: "socket", path: join(folder, "none") }, "r_abcdefghijkl"),
    ).rejects.toThrow("ENOENT");
  });
});
