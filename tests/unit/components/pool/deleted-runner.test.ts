import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { isRunnerDeleted } from "../../../../components/pool/deleted-runner";
import { connectGitlab } from "../../../../http/gitlab-transport";

/** Answers of a server about runner 7, and whether they mean that the runner was deleted. */
const ANSWERS: readonly [string, number, string, boolean][] = [
  ["GitLab's 404", 404, '{"message":"404 Runner Not Found"}', true],
  ["a proxy's 404", 404, "<html>404 Not Found</html>", false],
  ["another server's 404", 404, "[]", false],
  ["the runner", 200, '{"id":7}', false],
  ["a 403 for the token", 403, '{"message":"403 Forbidden"}', false],
  ["an error", 502, "", false],
];

const connect = () => connectGitlab({}, 5_000);

describe("isRunnerDeleted", () => {
  it.each(ANSWERS)("evaluates %s (status %d)", async (_what, status, body, deleted) => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push([request.method, request.url, request.headers["private-token"]]);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gitlab`;
    const isDeleted = await isRunnerDeleted(url, "7", "glpat-a", connect);
    server.closeAllConnections();
    server.close();
    expect(isDeleted).toBe(deleted);
    expect(asked).toEqual([["GET", "/gitlab/api/v4/runners/7", "glpat-a"]]);
  });

  it("returns false when GitLab is not reachable", async () => {
    expect(await isRunnerDeleted("http://127.0.0.1:9", "7", "glpat-a", connect)).toBe(false);
  });
});
