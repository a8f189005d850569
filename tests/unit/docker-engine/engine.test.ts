import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { findEngineAddress, findEngineHost } from "../../../docker-engine/environment";
import { EngineApi } from "../../../docker-engine/api";
import { createLineSplitter } from "../../../docker-engine/log-frames";

describe("engineAddress", () => {
  it.each([
    [{}, { kind: "socket", path: "/var/run/docker.sock" }],
    [{ DOCKER_HOST: "" }, { kind: "socket", path: "/var/run/docker.sock" }],
    [
      { DOCKER_HOST: "unix:///run/user/1000/docker.sock" },
      { kind: "socket", path: "/run/user/1000/docker.sock" },
    ],
    [{ DOCKER_HOST: "tcp://10.0.0.1:2376" }, { kind: "tcp", host: "10.0.0.1", port: 2376 }],
    [{ DOCKER_HOST: "tcp://manager" }, { kind: "tcp", host: "manager", port: 2375 }],
    [
      { DOCKER_HOST: "ssh://ci@manager:2222", DOCKER_CONTEXT: "default" },
      {
        kind: "ssh",
        args: ["-l", "ci", "-p", "2222", "-o", "ConnectTimeout=10", "--", "manager"],
      },
    ],
  ])("for %j returns %j", (env, address) => {
    expect(findEngineAddress(env)).toEqual(address);
  });

  it("reads the certificates in DOCKER_CERT_PATH", () => {
    const folder = mkdtempSync(join(tmpdir(), "certs-"));
    for (const name of ["ca", "cert", "key"]) writeFileSync(join(folder, `${name}.pem`), name);
    const env = { DOCKER_HOST: "tcp://manager:2376", DOCKER_CERT_PATH: folder };
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) => Buffer.from(name));
    expect(findEngineAddress(env)).toMatchObject({ tls: { ca, cert, key } });
    rmSync(folder, { recursive: true });
  });

  it("says what the folder of the certificates must contain", () => {
    const env = { DOCKER_HOST: "tcp://manager:2376", DOCKER_CERT_PATH: "/nowhere" };
    expect(() => findEngineAddress(env)).toThrow(
      "cannot read the certificate file /nowhere/ca.pem (ENOENT): the folder of the engine's certificates (DOCKER_CERT_PATH) must contain ca.pem, cert.pem and key.pem",
    );
  });

  it("names the valid forms of an address", () => {
    expect(() => findEngineAddress({ DOCKER_HOST: "manager:2375" })).toThrow(
      'the engine address "manager:2375" must start with unix://, tcp:// or ssh:// (DOCKER_HOST, DOCKER_CONTEXT)',
    );
  });

  it("reads the context in DOCKER_CONTEXT", () => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    const meta = join(home, ".docker", "contexts", "meta", "0a1b");
    mkdirSync(meta, { recursive: true });
    const context = { Name: "prod", Endpoints: { docker: { Host: "ssh://ci@prod" } } };
    writeFileSync(join(meta, "meta.json"), JSON.stringify(context));
    const env = { HOME: home, DOCKER_HOST: "tcp://x" };
    expect(findEngineHost({ ...env, DOCKER_CONTEXT: "prod" })).toBe("ssh://ci@prod");
    expect(() => findEngineHost({ ...env, DOCKER_CONTEXT: "test" })).toThrow(
      'the docker context "test" (DOCKER_CONTEXT) does not exist',
    );
    rmSync(home, { recursive: true });
  });
});

/** A fake engine on a socket with the given answers. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const path = join(folder, "docker.sock");
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    api: EngineApi.fromEnv({ DOCKER_HOST: `unix://${path}` }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

describe("EngineApi", () => {
  it("gets objects, with filters as JSON", async () => {
    await using engine = await serve(({ url }, response) => {
      response.end(JSON.stringify({ url: decodeURIComponent(url ?? "") }));
    });
    expect(await engine.api.get("/tasks", { filters: { service: ["a b"] }, tail: "5" })).toEqual({
      url: '/tasks?filters={"service":["a+b"]}&tail=5',
    });
  });

  it("sends headers with a request", async () => {
    await using engine = await serve(({ headers }, response) => {
      response.end(JSON.stringify(headers["x-registry-auth"]));
    });
    expect(await engine.api.get("/distribution/x/json", {}, { "x-registry-auth": "a" })).toBe("a");
  });

  it("throws the engine's own message when it refuses", async () => {
    await using engine = await serve((_request, response) => {
      response.writeHead(404).end('{"message":"service x not found"}');
    });
    await expect(engine.api.get("/services/x")).rejects.toMatchObject({
      message: "service x not found",
      status: 404,
    });
  });

  it("names an unreachable engine", async () => {
    const api = EngineApi.fromEnv({ DOCKER_HOST: "unix:///nowhere/docker.sock" });
    await expect(api.ping()).rejects.toThrow(
      "the Docker engine at unix:///nowhere/docker.sock cannot be reached: connect ENOENT",
    );
  });

  it("streams an endless answer until the signal aborts it", async () => {
    await using engine = await serve((_request, response) => {
      response.write("one");
    });
    const cut = new AbortController();
    const answer = await engine.api.open("/services/x/logs", {}, cut.signal);
    const read = async () => {
      for await (const chunk of answer) {
        expect(String(chunk)).toBe("one");
        cut.abort();
      }
    };
    await expect(read()).rejects.toThrow("aborted");
  });
});

describe("createLineSplitter", () => {
  const frame = (text: string) => {
    const header = Buffer.alloc(8);
    header.writeUInt8(1, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };

  it("returns the same lines however the bytes are split", () => {
    const bytes = Buffer.concat([frame("först\nse"), frame("cond\n"), frame("third")]);
    for (let size = 1; size <= bytes.length; size++) {
      const take = createLineSplitter();
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        lines.push(...take(bytes.subarray(at, at + size)));
      }
      expect(lines).toEqual(["först", "second"]);
    }
  });
});
