import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { explainError } from "../../../../../runner-image/src/system/engine/explain-error";
import { probeEngine } from "../../../../../runner-image/src/system/engine/probe";
import {
  DOCKER,
  engineAt as at,
  findReason as reason,
  PING,
  serve,
  VERSION,
  type Answers,
} from "../../../../support/engine-answers";
import { listenOnSocket, type EngineProxy } from "../../../../support/engine-proxy";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let sockets = 0;

function listen(handle: (socket: Socket) => void): Promise<EngineProxy> {
  sockets += 1;
  return listenOnSocket(join(folder, `${sockets}.sock`), handle);
}

describe("an engine that answers", () => {
  it.each([
    ["Docker", VERSION, "ready: 20.10.24, API 1.41"],
    ["Podman", { ...VERSION, Version: "4.3.1" }, "ready: 4.3.1, API 1.41"],
    ["a new Docker", { Version: "29.0.0", ApiVersion: "1.52" }, "ready: 29.0.0, API 1.52"],
    ["the oldest Docker", { Version: "19.03.0", ApiVersion: "1.40" }, "ready: 19.03.0, API 1.40"],
    [
      "an older Docker",
      { Version: "18.09.9", ApiVersion: "1.39" },
      "its API is version 1.39 (engine 18.09.9), and gitlab-runner needs 1.40 or later: update the engine to Docker 19.03 or later",
    ],
  ])("can run jobs or says why not: %s", async (_, version, expected) => {
    const answers = { ...DOCKER, "/version": [200, JSON.stringify(version)] as const };
    await using engine = await listen(serve(answers));
    expect(await reason(at(engine.host))).toBe(expected);
  });
});

describe("something that is not a working engine", () => {
  it.each<[string, Answers, string]>([
    [
      "a web server",
      { "/_ping": [404, "<h1>Not Found</h1>\n", { Server: "nginx/1.22" }] },
      'it is not a Docker engine: it answered GET /_ping with 404 "<h1>Not Found</h1>" (Server: nginx/1.22)',
    ],
    [
      "a server that answers every path with 200",
      { "/_ping": [200, "OK"] },
      'it is not a Docker engine: it answered GET /_ping with 200 "OK"',
    ],
    [
      "an engine that is broken",
      { "/_ping": [500, '{"message":"swarm is locked"}', PING] },
      'the engine is not working: it answered GET /_ping with 500 "swarm is locked": check its log',
    ],
    [
      "a proxy that forbids a request",
      { ...DOCKER, "/version": [403, "403 Forbidden"] },
      'it answered GET /version with 403 "403 Forbidden": a proxy in front of the engine must allow all requests of gitlab-runner',
    ],
    [
      "a version that is not JSON",
      { ...DOCKER, "/version": [200, "1.41"] },
      'it is not a Docker engine: it answered GET /version with 200 "1.41"',
    ],
    [
      "a version without an API",
      { ...DOCKER, "/version": [200, '{"Version":"1"}'] },
      'it is not a Docker engine: it answered GET /version with 200 "{\\"Version\\":\\"1\\"}"',
    ],
  ])("is described: %s", async (_, answers, expected) => {
    await using engine = await listen(serve(answers));
    expect(await reason(at(engine.host))).toBe(expected);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    [
      "SSH",
      (socket) => socket.write("SSH-2.0-OpenSSH_9.2p1\r\n"),
      /^it is not a Docker engine: it sent "SSH-2.0-OpenSSH_9.2p1"$/,
    ],
    [
      "bytes",
      (socket) => socket.write(Buffer.from([0, 1, 2, 255])),
      /^it is not a Docker engine: it does not speak HTTP$/,
    ],
    [
      "nothing",
      (socket) => socket.destroy(),
      /^it closed the connection without an answer: check that an engine listens on this socket$/,
    ],
    [
      "5 MB",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(5_000_000)}`),
      /^the 200 response is longer than 256 KiB$/,
    ],
  ])("is described if it sends %s", async (_, handle, expected) => {
    await using engine = await listen((socket) => {
      socket.once("data", () => {
        handle(socket);
      });
    });
    expect(await reason(at(engine.host))).toMatch(expected);
  });

  it("is given up after a time", async () => {
    await using engine = await listen(() => undefined);
    expect(await reason(at(engine.host), 50)).toBe(
      "it did not answer GET /_ping within 0.05 s: check the engine and its load",
    );
  });

  it("is given up at once on a stop signal", async () => {
    await using engine = await listen(() => undefined);
    const stop = new AbortController();
    const answer = probeEngine(at(engine.host), stop.signal);
    stop.abort();
    expect(await answer).toMatchObject({ kind: "away" });
  });
});

describe("a socket without an engine", () => {
  it("is described by what has its path", async () => {
    const path = (name: string) => join(folder, name);
    mkdirSync(path("folder"));
    writeFileSync(path("file"), "");
    const stale = await listen(() => undefined);
    // A listening server would remove its socket when it closes.
    const { host } = stale;
    await stale[Symbol.asyncDispose]();
    expect(await reason(at(host))).toContain("this replica has no such file");

    expect(await reason(at(`unix://${path("none")}`))).toBe(
      "this replica has no such file: mount the engine's socket at that path",
    );
    expect(await reason(at(`unix://${path("none/engine.sock")}`))).toContain("no such file");
    expect(await reason(at(`unix://${path("file/engine.sock")}`))).toContain("no such file");
    expect(await reason(at(`unix://${path("folder")}`))).toMatch(/^it is a folder, which Docker /);
    expect(await reason(at(`unix://${path("file")}`))).toBe(
      "it is a file, but not a socket: mount the socket",
    );
  });

  it("has an example for Docker's own socket", () => {
    const error = { code: "ENOENT", message: "connect ENOENT /var/run/docker.sock" };
    expect(explainError(at(""), error, false)).toBe(
      "this replica has no such file: mount the engine's socket at that path, for example with `docker run -v /var/run/docker.sock:/var/run/docker.sock`",
    );
  });

  it("names the user and the group that may use it", async () => {
    await using engine = await listen(() => undefined);
    chmodSync(engine.host.slice("unix://".length), 0o660);
    const error = { code: "EACCES", message: "connect EACCES" };
    const user = jest.spyOn(process, "geteuid").mockReturnValue(999);
    expect(explainError(at(engine.host), error, false)).toMatch(
      /^permission denied: this replica runs as user 999, and the socket belongs to user \d+ and group (\d+): run the replica as root, or add it to the group with `docker run --group-add \1`$/,
    );
    // Root without the capability to open the files of others.
    user.mockReturnValue(0);
    expect(explainError(at(engine.host), error, false)).toMatch(
      /^permission denied: this replica runs as user 0, and the socket belongs to user \d+ and group \d+: add the capability DAC_OVERRIDE, with `capAdd` or `docker run --cap-add DAC_OVERRIDE`$/,
    );
    user.mockRestore();
    expect(explainError(at(`unix://${folder}/none`), error, false)).toMatch(
      /may not open the folder/,
    );
  });

  it("says what to do if the engine is not running", () => {
    const error = { code: "ECONNREFUSED", message: "connect ECONNREFUSED" };
    expect(explainError(at("unix:///nowhere"), error, false)).toMatch(
      /^the connection was refused, because no engine listens on this socket: start the engine/,
    );
  });
});
