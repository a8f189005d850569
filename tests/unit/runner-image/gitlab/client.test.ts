import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { startGitlab } from "../../../../fake-gitlab";
import { monotonicMs } from "../../../../runner-image/src/system/clock";
import {
  connectGitlab,
  type ApiResult,
  type Request,
} from "../../../../runner-image/src/gitlab/client";
import { jumpingClock } from "../../../support/jumping-clock";

interface Server extends AsyncDisposable {
  readonly url: string;
}

/** @param answerRaw answers each request instead of the listener */
async function serve(
  listener: RequestListener,
  answerRaw?: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    if (answerRaw === undefined) listener(request, response);
    else answerRaw(request.socket);
  });
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

/** Writes repeatedly until the client disconnects. */
function writeUntilClosed(response: ServerResponse, write: () => void): void {
  const timer = setInterval(write, 20);
  response.on("close", () => {
    clearInterval(timer);
  });
}

function call(url: string, more: Partial<Request> = {}): Promise<ApiResult> {
  const request: Request = { method: "DELETE", path: "/runners", body: { a: 1 }, timeoutMs: 5_000 };
  return connectGitlab(url, "/nowhere")({ ...request, ...more });
}

/** Returns the client's result for a response. */
async function answer(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<ApiResult> {
  await using server = await serve((_, response) => response.writeHead(status, headers).end(body));
  return await call(server.url);
}

describe("a call to GitLab", () => {
  it("sends JSON, below a relative URL root", async () => {
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
    [
      404,
      '{"message":"404 Runner manager not found Not Found"}',
      "404 Runner manager not found Not Found",
    ],
    [
      410,
      '{"message":"410 Gone - runner registration disallowed"}',
      "410 Gone - runner registration disallowed",
    ],
    [422, '{"message":"Runner is orphaned"}', "Runner is orphaned"],
    [
      429,
      '{"message":{"error":"This endpoint has been requested too many times."}}',
      "This endpoint has been requested too many times.",
    ],
    [429, "Retry later\n", "429 Too Many Requests"],
  ])("returns GitLab's message for %i %s", async (status, body, message) => {
    expect(await answer(status, body)).toMatchObject({ kind: "status", status, message });
  });

  it.each([
    ["7", 7_000],
    ["0", 0],
    ["Wed, 21 Oct 2026 07:28:30 GMT", 30_000],
    ["Wed, 21 Oct 2026 07:27:30 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["1e999", undefined],
    ["9".repeat(400), undefined],
  ])("reads Retry-After: %s", async (text, retryAfterMs) => {
    // A date is compared with the clock of the server that sends it.
    const headers = { "retry-after": text, date: "Wed, 21 Oct 2026 07:28:00 GMT" };

    expect(await answer(429, "{}", headers)).toMatchObject({ retryAfterMs });
  });

  it.each([
    [403, "<html>blocked by WAF</html>"],
    [403, "Forbidden"],
    [403, ""],
    [403, '{"message":"Forbidden"}'],
    [403, '{"error":"403 Forbidden"}'],
    [403, '{"message":"You cannot perform write operations on a read-only instance"}'],
    [
      403,
      '{"message":"403 Forbidden - You cannot perform write operations on a read-only instance"}',
    ],
    [404, "<html><h1>404 Not Found</h1><hr>nginx</html>"],
    [404, '{"error":"404 Not Found"}'],
    [404, '{"message":"404 Not Found"}'],
    [404, "null"],
    [400, "<html><h1>400 Bad Request</h1></html>"],
    [400, "[]"],
    [401, '{"message":"Unauthorized"}'],
    [407, "Proxy Authentication Required"],
    [410, "<h1>Gone</h1>"],
    [422, "5"],
    [451, '{"detail":"Unavailable"}'],
  ])("treats %i %s as no response, because it is not from GitLab", async (status, body) => {
    expect(await answer(status, body)).toMatchObject({
      kind: "no response",
      message: expect.stringContaining(`the ${status} response is not from GitLab`),
      sent: true,
    });
  });

  it("advises to correct the path if the URL lacks that of GitLab", async () => {
    await using gitlab = await startGitlab();
    const url = `${gitlab.url}/gitlab`;
    gitlab.instance.externalUrl = url;
    expect(await call(gitlab.url)).toEqual({
      kind: "no response",
      message:
        "the 404 response is not from GitLab: 404 Not Found (if this lasts, correct the path in `gitlabUrl`)",
      sent: true,
    });
    expect(await call(url)).toMatchObject({ kind: "status", status: 400 });
  });

  it.each([
    ["https://other.example.com/path?secret=1", "302 redirects to https://other.example.com"],
    ["/users/sign_in", "302 redirects to another address"],
  ])("does not follow a redirect to %s", async (location, message) => {
    expect(await answer(302, "", { location })).toMatchObject({ status: 302, message });
  });

  it("treats a page with status 200 as no response", async () => {
    expect(await answer(200, "<h1>Sign in</h1>")).toEqual({
      kind: "no response",
      message: "the 200 response is not JSON",
      sent: true,
    });
  });
});

describe("a call that GitLab does not answer", () => {
  it("reports that the connection was refused and nothing was sent", async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();

    expect(await call(server.url)).toMatchObject({
      kind: "no response",
      message: expect.stringContaining("ECONNREFUSED"),
      sent: false,
    });
  });

  it.each<readonly [string, RequestListener]>([
    ["hangs", () => undefined],
    ["stops in the middle", (_, response) => response.writeHead(200).write("{")],
    [
      "sends without end",
      (_, response) => {
        writeUntilClosed(response.writeHead(200), () => response.write(" "));
      },
    ],
    [
      "sends one early hint after another",
      (_, response) => {
        writeUntilClosed(response, () => {
          response.writeProcessing();
        });
      },
    ],
  ])("times out if the server %s", async (_, listener) => {
    await using server = await serve(listener);

    expect(await call(server.url, { timeoutMs: 200 })).toEqual({
      kind: "no response",
      message: "no response within 0.2 s",
      sent: true,
    });
  });

  it("ends if the server switches protocols", async () => {
    const listener: RequestListener = () => undefined;
    await using server = await serve(listener, (socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    });

    expect(await call(server.url)).toEqual({
      kind: "no response",
      message: "the 101 response switches protocols",
      sent: true,
    });
  });

  it.each([200, 403])("does not read a huge %i response to its end", async (status) => {
    const body = JSON.stringify({ message: `403 Forbidden ${"x".repeat(5_000_000)}` });

    expect(await answer(status, body)).toEqual({
      kind: "no response",
      message: `the ${status} response is longer than 64 KiB`,
      sent: true,
    });
  });

  it.each([-7_200_000, 7_200_000])(
    "keeps its timeout when the clock is set by %i ms",
    async (ms) => {
      using clock = jumpingClock();
      await using server = await serve(() => undefined);
      const began = monotonicMs();
      const answered = call(server.url, { timeoutMs: 300 });
      clock.jump(ms);

      expect(await answered).toMatchObject({ message: "no response within 0.3 s" });
      expect(monotonicMs() - began).toBeGreaterThanOrEqual(290);
    },
  );

  it("is canceled by its signal", async () => {
    await using server = await serve(() => undefined);

    expect(await call(server.url, { signal: AbortSignal.timeout(50) })).toMatchObject({
      kind: "no response",
      sent: true,
    });
  });

  it("reports a connection that was reset", async () => {
    await using server = await serve((request) => request.socket.resetAndDestroy());

    expect(await call(server.url)).toMatchObject({ kind: "no response", sent: true });
  });
});
