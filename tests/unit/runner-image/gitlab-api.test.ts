import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { connectGitlab, type Answer, type Request } from "../../../runner-image/src/gitlab-api";

interface Server extends AsyncDisposable {
  readonly url: string;
}

async function serve(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function call(url: string, more: Partial<Request> = {}): Promise<Answer> {
  const request: Request = { method: "DELETE", path: "/runners", body: { a: 1 }, timeout: 5_000 };
  return connectGitlab(url, "/nowhere")({ ...request, ...more });
}

/** What comes of a status, headers and a body. */
async function answer(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  await using server = await serve((_, response) => response.writeHead(status, headers).end(body));
  return await call(server.url);
}

describe("a call to GitLab", () => {
  it("goes below a relative URL root, as JSON", async () => {
    let seen = "";
    await using server = await serve((request, response) => {
      request.on("data", (chunk: Buffer) => {
        seen = `${request.method ?? ""} ${request.url ?? ""} ${request.headers["content-type"] ?? ""} ${chunk.toString()}`;
      });
      request.on("end", () => response.writeHead(204).end());
    });

    expect(await call(`${server.url}/gitlab`)).toMatchObject({ kind: "status", status: 204 });
    expect(seen).toBe('DELETE /gitlab/api/v4/runners application/json {"a":1}');
  });

  it.each([
    [403, '{"message":"403 Forbidden - invalid token"}', "403 Forbidden - invalid token"],
    [400, '{"error":"token is missing"}', "token is missing"],
    [400, '{"message":{"tags":["is wrong"]}}', '{"tags":["is wrong"]}'],
    [502, "<html>Bad gateway</html>", "502 Bad Gateway"],
    [500, "", "500 Internal Server Error"],
    [404, "null", "404 Not Found"],
  ])("gives GitLab's words for %i %s", async (status, body, message) => {
    expect(await answer(status, body)).toMatchObject({ kind: "status", status, message });
  });

  it.each([
    ["7", 7_000],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    ["soon", undefined],
  ])("reads Retry-After: %s", async (text, retryAfter) => {
    expect(await answer(429, "{}", { "retry-after": text })).toMatchObject({ retryAfter });
  });

  it.each([
    ["https://other.example.com/path?secret=1", "302 redirects to https://other.example.com"],
    ["/users/sign_in", "302 redirects to another address"],
  ])("does not follow a redirect to %s", async (location, message) => {
    expect(await answer(302, "", { location })).toMatchObject({ status: 302, message });
  });

  it("takes a page with a good status for no answer", async () => {
    expect(await answer(200, "<h1>Sign in</h1>")).toEqual({
      kind: "no answer",
      message: "the answer 200 is no JSON",
      sent: true,
    });
  });
});

describe("a call that GitLab does not answer", () => {
  it("says that the connection was refused, and that nothing was sent", async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();

    expect(await call(server.url)).toMatchObject({
      kind: "no answer",
      message: expect.stringContaining("ECONNREFUSED"),
      sent: false,
    });
  });

  it.each<readonly [string, RequestListener]>([
    ["hangs", () => undefined],
    ["stops in its middle", (_, response) => response.writeHead(200).write("{")],
  ])("ends after its time if it %s", async (_, listener) => {
    await using server = await serve(listener);

    expect(await call(server.url, { timeout: 200 })).toEqual({
      kind: "no answer",
      message: "no answer in 0.2 s",
      sent: true,
    });
  });

  it("is cut off on demand", async () => {
    await using server = await serve(() => undefined);

    expect(await call(server.url, { signal: AbortSignal.timeout(50) })).toMatchObject({
      kind: "no answer",
      sent: true,
    });
  });

  it("tells of a connection that is cut", async () => {
    await using server = await serve((request) => request.socket.resetAndDestroy());

    expect(await call(server.url)).toMatchObject({ kind: "no answer", sent: true });
  });
});
