import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { createDockerProvider } from "../../../stack/docker-provider";
import {
  findEngineAddress,
  findEngineHost,
  getProviderArgs,
} from "../../../docker-engine/environment";
import { EngineApi } from "../../../docker-engine/api";
import { stackSettings } from "../../support/doctor-settings";
import { declare } from "../../support/mocks";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docker-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Creates a context as `docker context create` does. */
function context(name: string, host: string, certificates = false): void {
  const id = createHash("sha256").update(name).digest("hex");
  const meta = join(folder, "contexts", "meta", id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(
    join(meta, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  if (!certificates) return;
  const tls = join(folder, "contexts", "tls", id, "docker");
  mkdirSync(tls, { recursive: true });
  for (const file of ["ca", "cert", "key"]) writeFileSync(join(tls, `${file}.pem`), file);
}
const use = (name: string) => {
  writeFileSync(join(folder, "config.json"), JSON.stringify({ currentContext: name }));
};
const env = (more: Record<string, string> = {}) => ({ DOCKER_CONFIG: folder, ...more });

describe("the engine", () => {
  it("is that of `docker context use` if no variable selects another", () => {
    context("prod-swarm", "ssh://ci@manager");
    use("prod-swarm");
    expect(findEngineHost(env())).toBe("ssh://ci@manager");
    expect(findEngineHost(env({ DOCKER_HOST: "tcp://other:2375" }))).toBe("tcp://other:2375");
    expect(findEngineHost(env({ DOCKER_CONTEXT: "default" }))).toBe("unix:///var/run/docker.sock");
    expect(getProviderArgs(env())).toEqual({ host: "ssh://ci@manager", context: "" });
  });

  it("is read from the folder in DOCKER_CONFIG if DOCKER_CONTEXT selects it", () => {
    context("prod-swarm", "tcp://manager:2376");
    writeFileSync(join(folder, "contexts", "meta", "stray"), "a file where a folder is expected");
    expect(findEngineHost(env({ DOCKER_CONTEXT: "prod-swarm" }))).toBe("tcp://manager:2376");
    expect(getProviderArgs(env({ DOCKER_CONTEXT: "prod-swarm" }))).toEqual({
      host: "tcp://manager:2376",
      context: "",
    });
    expect(() => findEngineHost(env({ DOCKER_CONTEXT: "test" }))).toThrow(
      `the docker context "test" (DOCKER_CONTEXT) does not exist in ${join(folder, "contexts", "meta")}: run \`docker context ls\` to list the contexts that exist`,
    );
  });

  it("uses a context's certificates", () => {
    context("tls", "tcp://manager:2376", true);
    const address = findEngineAddress(env({ DOCKER_CONTEXT: "tls" }));
    expect(address).toMatchObject({ tls: { ca: Buffer.from("ca"), key: Buffer.from("key") } });
    expect(getProviderArgs(env({ DOCKER_CONTEXT: "tls" }))).toMatchObject({
      host: "tcp://manager:2376",
      certPath: expect.stringMatching(/contexts\/tls\/[0-9a-f]{64}\/docker$/),
    });
  });

  it.each([
    [{}, {}],
    [{ DOCKER_HOST: "tcp://m:2375" }, {}],
    [{ DOCKER_CONFIG: join(homedir(), ".docker") }, {}],
    [{ DOCKER_HOST: "127.0.0.1:2375" }, { host: "tcp://127.0.0.1:2375", context: "" }],
    [{ DOCKER_HOST: ":2375" }, { host: "tcp://127.0.0.1:2375", context: "" }],
    [{ DOCKER_CONTEXT: "default" }, { host: "unix:///var/run/docker.sock", context: "" }],
  ])("needs, for %j, these arguments of the provider: %j", (given, expected) => {
    expect(getProviderArgs(given)).toEqual(expected);
  });

  it.each([
    ["npipe:////./pipe/docker_engine", "Windows named pipes are not supported"],
    ["fd://", "the engine listens on fd://, but clients cannot connect to it"],
    ["/var/run/docker.sock", "write unix:///var/run/docker.sock"],
    ["manager:2375", "write tcp://manager:2375"],
  ])("rejects %s with a hint", async (DOCKER_HOST, hint) => {
    const sentence = `the engine address "${DOCKER_HOST}" must start with unix://, tcp:// or ssh:// (DOCKER_HOST, DOCKER_CONTEXT): ${hint}`;
    await expect(EngineApi.fromEnv({ DOCKER_HOST }).ping()).rejects.toThrow(sentence);
    const before = { ...process.env };
    Object.assign(process.env, { DOCKER_HOST });
    delete process.env["DOCKER_CONTEXT"];
    let [message, stack, isPlain] = ["", "", false];
    await declare(() => {
      try {
        createDockerProvider("docker", stackSettings({}).registry);
      } catch (error) {
        message = error instanceof Error ? error.message : "";
        stack = error instanceof Error ? (error.stack ?? "") : "";
        isPlain = pulumi.RunError.isInstance(error);
      }
    });
    process.env = before;
    expect([message, stack, isPlain]).toEqual([sentence, sentence, true]);
  });

  it("is reached at an IPv6 address without its brackets", () => {
    expect(findEngineAddress({ DOCKER_HOST: "tcp://[::1]:2375" })).toEqual({
      kind: "tcp",
      host: "::1",
      port: 2375,
    });
  });
});
