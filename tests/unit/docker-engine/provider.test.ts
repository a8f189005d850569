import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { EngineApi } from "../../../docker-engine/api";
import { findProviderEngine } from "../../../docker-engine/provider";
import { makeCertificate } from "../../support/certificate";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  const id = createHash("sha256").update("prod").digest("hex");
  const meta = join(home, ".docker", "contexts", "meta", id);
  mkdirSync(meta, { recursive: true });
  const context = { Name: "prod", Endpoints: { docker: { Host: "tcp://of-the-context:2375" } } };
  writeFileSync(join(meta, "meta.json"), JSON.stringify(context));
  writeFileSync(join(home, ".docker", "config.json"), JSON.stringify({ currentContext: "prod" }));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const tcp = (host: string, port = 2375) => ({ kind: "tcp", host, port });

describe("the engine of a docker provider", () => {
  it.each([
    [{ host: "tcp://own" }, {}, tcp("own")],
    [{ host: "tcp://own" }, { DOCKER_HOST: "tcp://env" }, tcp("own")],
    [{}, { DOCKER_HOST: "tcp://env" }, tcp("env")],
    [{}, {}, { kind: "socket", path: "/var/run/docker.sock" }],
    [{ context: "prod" }, { DOCKER_HOST: "tcp://env" }, tcp("of-the-context")],
    [{ host: "tcp://own" }, { DOCKER_CONTEXT: "prod" }, tcp("of-the-context")],
    [{ host: "tcp://own", context: "" }, { DOCKER_CONTEXT: "prod" }, tcp("own")],
  ])("with arguments %j and environment %j is %j", (settings, env, address) => {
    expect(findProviderEngine(settings, { HOME: home, ...env }).address).toEqual(address);
  });

  it("is that of a context in the home folder, whatever DOCKER_CONFIG is", () => {
    const env = { HOME: home, DOCKER_CONFIG: "/nowhere" };
    expect(findProviderEngine({ context: "prod" }, env).host).toBe("tcp://of-the-context:2375");
  });

  it("is reached with the provider's certificates", () => {
    const settings = { host: "tcp://own:2376", certMaterial: "cert", keyMaterial: "key" };
    expect(findProviderEngine({ ...settings, caMaterial: "ca" }, {}).address).toEqual({
      ...tcp("own", 2376),
      tls: { ca: "ca", cert: "cert", key: "key" },
    });
    expect(findProviderEngine(settings, { DOCKER_CERT_PATH: "/nowhere" }).address).toMatchObject({
      tls: { ca: undefined },
    });
    for (const name of ["ca", "cert", "key"]) writeFileSync(join(home, `${name}.pem`), name);
    expect(
      findProviderEngine({ host: "tcp://own:2376", certPath: home }, {}).address,
    ).toMatchObject({
      tls: { ca: Buffer.from("ca"), cert: Buffer.from("cert"), key: Buffer.from("key") },
    });
  });

  it.each([
    [["-o", "StrictHostKeyChecking=no"], {}],
    [undefined, { DOCKER_SSH_OPTS: "-o StrictHostKeyChecking=no" }],
  ])("is reached by ssh with the options %j and environment %j", (sshOpts, env) => {
    expect(findProviderEngine({ host: "ssh://ci@own", sshOpts }, env).address).toEqual({
      kind: "ssh",
      args: [
        ...["-o", "StrictHostKeyChecking=no"],
        ...["-l", "ci", "-o", "ConnectTimeout=10", "--", "own"],
      ],
    });
  });

  it("causes an error if the context does not exist", () => {
    const env = { HOME: home };
    expect(() => findProviderEngine({ context: "test" }, env)).toThrow(
      'the docker context "test" (`context` of the provider) does not exist',
    );
    expect(() => findProviderEngine({}, { ...env, DOCKER_CONTEXT: "test" })).toThrow(
      'the docker context "test" (DOCKER_CONTEXT) does not exist',
    );
  });

  it("has its certificate verified if the provider has a CA", async () => {
    using own = await makeCertificate();
    using other = await makeCertificate();
    const server = createServer({ cert: own.cert, key: own.key }, (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const settings = {
      host: `tcp://127.0.0.1:${port}`,
      certMaterial: own.cert,
      keyMaterial: own.key,
    };
    const ping = (caMaterial?: string) =>
      new EngineApi(() => findProviderEngine({ ...settings, caMaterial }, {})).ping();

    await ping(own.cert);
    await ping();
    await expect(ping(other.cert)).rejects.toThrow("self-signed certificate");
    server.closeAllConnections();
    server.close();
  });
});
