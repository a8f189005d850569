import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { engineAddress, engineHost } from "../../../../components/docker/engine-address";
import { EngineApi } from "../../../../components/docker/engine-api";
import { logLines } from "../../../../components/docker/log-frames";

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
  ])("of %j is %j", (env, address) => {
    expect(engineAddress(env)).toEqual(address);
  });

  it("has the certificates of DOCKER_CERT_PATH", () => {
    const folder = mkdtempSync(join(tmpdir(), "certs-"));
    for (const name of ["ca", "cert", "key"]) writeFileSync(join(folder, `${name}.pem`), name);
    const env = { DOCKER_HOST: "tcp://manager:2376", DOCKER_CERT_PATH: folder };
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) => Buffer.from(name));
    expect(engineAddress(env)).toMatchObject({ tls: { ca, cert, key } });
    rmSync(folder, { recursive: true });
  });

  it("says what an address may be", () => {
    expect(() => engineAddress({ DOCKER_HOST: "manager:2375" })).toThrow(
      'the engine address "manager:2375" must start with unix://, tcp:// or ssh:// (DOCKER_HOST, DOCKER_CONTEXT)',
    );
  });

  it("is that of the context that DOCKER_CONTEXT names", () => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    const meta = join(home, ".docker", "contexts", "meta", "0a1b");
    mkdirSync(meta, { recursive: true });
    const context = { Name: "prod", Endpoints: { docker: { Host: "ssh://ci@prod" } } };
    writeFileSync(join(meta, "meta.json"), JSON.stringify(context));
    const env = { HOME: home, DOCKER_HOST: "tcp://x" };
    expect(engineHost({ ...env, DOCKER_CONTEXT: "prod" })).toBe("ssh://ci@prod");
    expect(() => engineHost({ ...env, DOCKER_CONTEXT: "test" })).toThrow(
      'the docker context "test" (DOCKER_CONTEXT) does not exist',
    );
    rmSync(home, { recursive: true });
  });
});

/** An engine on a socket that answers as told. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const path = join(folder, "docker.sock");
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    api: new EngineApi({ DOCKER_HOST: `unix://${path}` }),
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

  it("passes the engine's own words on when it refuses", async () => {
    await using engine = await serve((_request, response) => {
      response.writeHead(404).end('{"message":"service x not found"}');
    });
    await expect(engine.api.get("/services/x")).rejects.toMatchObject({
      message: "service x not found",
      status: 404,
    });
  });

  it("names an engine that cannot be reached", async () => {
    const api = new EngineApi({ DOCKER_HOST: "unix:///nowhere/docker.sock" });
    await expect(api.ping()).rejects.toThrow(
      "the Docker engine at unix:///nowhere/docker.sock cannot be reached: connect ENOENT",
    );
  });

  it("opens an answer that goes on, and lets it be cut off", async () => {
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

describe("logLines", () => {
  const frame = (text: string) => {
    const header = Buffer.alloc(8);
    header.writeUInt8(1, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };

  it("gives lines whatever way the bytes are cut", () => {
    const bytes = Buffer.concat([frame("först\nse"), frame("cond\n"), frame("third")]);
    for (let size = 1; size <= bytes.length; size++) {
      const take = logLines();
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        lines.push(...take(bytes.subarray(at, at + size)));
      }
      expect(lines).toEqual(["först", "second"]);
    }
  });
});
