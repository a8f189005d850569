import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { startGitlab, type FaultAction, type Gitlab } from "../../../fake-gitlab";

const PATH = "/api/v4/runners/verify";
const LIMIT = "This endpoint has been requested too many times. Try again later.";

async function start(action: FaultAction): Promise<Gitlab> {
  const gitlab = await startGitlab();
  await gitlab.addFault({ endpoint: "POST /runners/verify", action });
  return gitlab;
}

function ask(gitlab: Gitlab, signal = AbortSignal.timeout(10_000)): Promise<Response> {
  return fetch(gitlab.url + PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token: "glrt-some" }),
    signal,
  });
}

/** Sends the request over a bare connection. @returns it, with what has come so far */
async function askBare(gitlab: Gitlab): Promise<{ socket: Socket; come: () => string }> {
  const { hostname, port } = new URL(gitlab.url);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.on("data", (data) => (text += data.toString("utf8")));
  await once(socket, "connect");
  socket.write(`POST ${PATH} HTTP/1.1\r\nHost: gitlab\r\nContent-Length: 0\r\n\r\n`);
  await once(socket, "data");
  return { socket, come: () => text };
}

const PAGES: readonly (readonly [string, FaultAction, number, string])[] = [
  ["a web application firewall", { kind: "text", text: "<p>no", status: 403 }, 403, "text/html"],
  ["nginx", { kind: "text", text: "<p>none", status: 404 }, 404, "text/html"],
  [
    "a plain text",
    { kind: "text", text: "Retry later\n", status: 429, contentType: "text/plain" },
    429,
    "text/plain",
  ],
  [
    "JSON of the wrong shape",
    { kind: "text", text: "null", contentType: "application/json" },
    200,
    "application/json",
  ],
];

describe("a faulty response", () => {
  it.each(PAGES)("has its own body and content type: %s", async (_, action, status, type) => {
    await using gitlab = await start(action);
    const answer = await ask(gitlab);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
    expect(await answer.text()).toBe(action.kind === "text" ? action.text : "");
  });

  it("has its own headers", async () => {
    const headers = { "Retry-After": "9", Server: "nginx" };
    await using gitlab = await start({ kind: "text", text: "busy", status: 503, headers });
    const answer = await ask(gitlab);
    expect([answer.headers.get("retry-after"), answer.headers.get("server")]).toEqual([
      "9",
      "nginx",
    ]);
  });

  it("with status 101 has no body, and the connection stays open until the fault is cleared", async () => {
    await using gitlab = await start({ kind: "switch protocols", protocol: "h2c" });
    const { socket, come } = await askBare(gitlab);
    expect(come()).toBe(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    );
    expect(socket.destroyed).toBe(false);
    await gitlab.clearFaults();
    await once(socket, "close");
  });

  it.each([0, 5])(
    "continues endlessly, a chunk every %d ms, until the fault is cleared",
    async (everyMs) => {
      await using gitlab = await start({ kind: "endless", start: "[1", repeat: ",1", everyMs });
      const { socket, come } = await askBare(gitlab);
      while (come().length < 2_000) await once(socket, "data");
      expect(come()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*application\/json[^]*\[1[^]*,1/);
      await gitlab.clearFaults();
      await once(socket, "close");
    },
  );

  it("stops when the client disconnects, even if it is endless", async () => {
    await using gitlab = await start({ kind: "endless", everyMs: 0 });
    const leave = new AbortController();
    const answer = await ask(gitlab, leave.signal);
    leave.abort();
    await expect(answer.text()).rejects.toThrow();
    const request = await gitlab.waitForEvent(({ kind }) => kind === "request", {
      timeoutMs: 5_000,
      what: "the end of the endless answer",
    });
    expect(request).toMatchObject({ status: null, faultId: 1 });
  });

  it("can be cut off in the middle of its body", async () => {
    await using gitlab = await start({ kind: "cut body", text: '{"id":1,' });
    const answer = await ask(gitlab);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});

describe("a fault with status 429", () => {
  it("has the body of GitLab's rate limit by default", async () => {
    await using gitlab = await start({ kind: "status", status: 429 });
    const answer = await ask(gitlab);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(await answer.json()).toEqual({ message: { error: LIMIT } });
    await gitlab.clearFaults();
    const body = { message: "Executing database migrations. Please retry later." };
    await gitlab.addFault({ action: { kind: "status", status: 429, body } });
    const other = await ask(gitlab);
    expect([await other.json(), other.headers.get("retry-after")]).toEqual([body, null]);
  });
});
