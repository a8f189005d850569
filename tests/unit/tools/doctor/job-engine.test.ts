import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { StackSettings } from "../../../../stack/stack-settings";
import {
  checkJobEngines,
  hasJobEngine,
  type Place,
} from "../../../../tools/doctor/checks/job-engine";
import type { Outcome } from "../../../../tools/doctor/outcome";
import { stackSettings } from "../../../support/doctor-settings";
import { PING, serve, VERSION } from "../../../support/engine-answers";
import {
  makeEngineCertificates,
  type EngineCertificates,
  type KeyPair,
} from "../../../support/engine-certificates";
import { listenOnSocket, listenOnTcp } from "../../../support/engine-proxy";
import { swarmNode } from "../../../support/node";

const ADDRESS = "127.0.0.1";

/** This machine is the node `vm` of a swarm with another node. */
const NODE: Place = {
  machineName: "vm",
  location: { host: "unix:///x", address: { kind: "socket", path: "/x" } },
  swarm: {
    info: {
      name: "vm",
      rootFolder: "",
      swarm: { state: "active", isManager: true, error: "", managers: [] },
    },
    nodes: [swarmNode("vm"), swarmNode("second")],
    allNodes: [],
  },
};

/** The answers of an engine. The client sends an empty query. */
const DOCKER = answersWith(VERSION);

function answersWith(version: object) {
  return serve({
    "/_ping?": [200, "OK", PING],
    "/version?": [200, JSON.stringify(version), PING],
  });
}

let folder: string;
let certificates: EngineCertificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "job-engine-"));
  certificates = await makeEngineCertificates(ADDRESS);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Settings that `pulumi up` would reject: a loopback address, or an expired certificate. */
function settingsWith(docker: Readonly<Record<string, string>>): StackSettings {
  const settings = stackSettings();
  return { ...settings, pool: { ...settings.pool, args: { ...settings.pool.args, docker } } };
}

/** Checks an engine with TLS. */
async function check(
  host: string,
  { ca = certificates.ca, client = certificates.client }: { ca?: string; client?: KeyPair } = {},
): Promise<Outcome> {
  const settings = settingsWith({
    host,
    hostCa: ca,
    hostCert: client.cert,
    hostKey: client.key,
  });
  return (await checkJobEngines(settings, NODE, () => undefined, 1_000)).outcome;
}

/** Starts an engine with TLS. It requires certificates unless `isOpen`. */
function listen(handle = DOCKER, server?: KeyPair, isOpen = false) {
  const options = { ca: certificates.ca, requestCert: !isOpen, rejectUnauthorized: !isOpen };
  return listenOnTcp(ADDRESS, handle, { ...options, ...(server ?? certificates.server) });
}

const failure = (text: RegExp | string): Outcome => ({
  kind: "failed",
  problems: [typeof text === "string" ? text : (expect.stringMatching(text) as unknown as string)],
});

describe("the check of an engine on TCP", () => {
  it("names the engine and its versions, and says that it accepts the certificate", async () => {
    await using engine = await listen();
    expect(await check(engine.host)).toEqual({
      kind: "passed",
      text: `engine 20.10.24 at ${engine.host}, API 1.41, accepts \`docker.hostCert\``,
    });
  });

  it("warns if the engine accepts clients without a certificate", async () => {
    await using engine = await listen(DOCKER, undefined, true);
    expect(await check(engine.host)).toEqual({
      kind: "warned",
      text: `engine 20.10.24 at ${engine.host}, API 1.41, but it also accepts clients without a certificate, so everybody who reaches its port is root on its machine: start it with --tlsverify`,
    });
  });

  it("fails if nothing listens there", async () => {
    const engine = await listen();
    await engine[Symbol.asyncDispose]();
    expect(await check(engine.host)).toEqual(
      failure(
        `nothing listens at ${engine.host}: start the engine with that address, or correct \`docker.host\``,
      ),
    );
  });

  it("fails if the name does not exist", async () => {
    expect(await check("tcp://engine.invalid:2376")).toEqual(
      failure(
        /^this machine cannot resolve the name in tcp:\/\/engine\.invalid:2376 \(E[A-Z_]+\): correct `docker\.host`, or check the DNS; if only the swarm's nodes reach it, run this command on one of them$/,
      ),
    );
  });

  it("fails if another CA issued the engine's certificate", async () => {
    await using engine = await listen();
    expect(await check(engine.host, { ca: certificates.otherCa })).toEqual(
      failure(
        /^the CA in `docker\.hostCa` did not issue the certificate of the engine at tcp:\S+ \(.+\): set `docker\.hostCa` to the CA that did$/,
      ),
    );
  });

  it("fails if only the common name of the engine's certificate is the host", async () => {
    await using engine = await listen(DOCKER, certificates.nameless);
    expect(await check(engine.host.replace(ADDRESS, "localhost"))).toEqual(
      failure(
        "the engine's certificate has no subject alternative name for localhost: issue one with it",
      ),
    );
  });

  it("fails if the engine's certificate has expired", async () => {
    await using engine = await listen(DOCKER, certificates.expired);
    expect(await check(engine.host)).toEqual(
      failure(
        `the certificate of the engine at ${engine.host} has expired: renew it on the engine`,
      ),
    );
  });

  it.each([
    [
      "another CA issued the client's certificate",
      (all: EngineCertificates) => all.stranger,
      "whose issuer it does not trust: sign `docker.hostCert` with the engine's CA",
    ],
    [
      "the client's certificate has expired",
      (all: EngineCertificates) => all.expired,
      "which has expired: renew `docker.hostCert`",
    ],
  ])("fails if %s", async (_name, choose, reason) => {
    await using engine = await listen();
    const outcome = await check(engine.host, { client: choose(certificates) });
    // The engine may close the connection before this client has read its alert.
    expect([
      `the engine at ${engine.host} rejects the client's certificate, ${reason}`,
      `${engine.host} closed the connection, as an engine does that rejects the client's certificate: check \`docker.hostCert\`, and that the engine listens there with TLS`,
    ]).toContain(outcome.kind === "failed" ? outcome.problems[0] : outcome.kind);
  });

  it("fails if the engine does not use TLS", async () => {
    await using engine = await listenOnTcp(ADDRESS, DOCKER);
    expect(await check(engine.host)).toEqual(
      failure(
        `${engine.host} does not use TLS: start the engine with --tlsverify, or correct the port in \`docker.host\``,
      ),
    );
  });

  it("fails if the engine does not answer in time", async () => {
    await using engine = await listen(() => undefined);
    expect(await check(engine.host)).toEqual(
      failure(
        `${engine.host} did not answer in time: check \`docker.host\`, the firewalls in between and the load of the engine; if only the swarm's nodes reach it, run this command on one of them`,
      ),
    );
  });

  it.each([
    ["an error", serve({})],
    ["a version, but not to a ping", serve({ "/version?": [200, JSON.stringify(VERSION), PING] })],
    ["a page", serve({ "/_ping?": [200, "OK"], "/version?": [200, "<html>"] })],
  ])("fails if another server answers with %s", async (_name, handle) => {
    await using engine = await listen(handle);
    expect(await check(engine.host)).toEqual(
      failure(/^what answers at tcp:\S+ is not a Docker engine \(.*\): correct `docker\.host`$/s),
    );
  });

  it("fails if gitlab-runner does not support the engine's API", async () => {
    await using engine = await listen(answersWith({ Version: "18.09.1", ApiVersion: "1.39" }));
    expect(await check(engine.host)).toEqual(
      failure(
        `engine 18.09.1 at ${engine.host}, API 1.39, but gitlab-runner needs API 1.40: update it to Docker 19.03 or later`,
      ),
    );
  });
});

describe("the check of a socket on the nodes", () => {
  const checkSocket = async (host: string, place: Place = NODE) =>
    (await checkJobEngines(settingsWith({ host }), place, () => undefined, 500)).outcome;

  it("asks the engine if this machine is a node, and names the nodes that it cannot check", async () => {
    await using engine = await listenOnSocket(join(folder, "engine.sock"), DOCKER);
    expect(await checkSocket(engine.host)).toEqual({
      kind: "passed",
      text: `engine 20.10.24 at ${engine.host}, API 1.41 (on node vm; 1 other node not checked)`,
    });
  });

  it.each<[string, Place]>([
    [
      "the engine is remote",
      { ...NODE, location: { host: "tcp://x:1", address: { kind: "tcp", host: "x", port: 1 } } },
    ],
    ["the engine runs in a virtual machine", { ...NODE, machineName: "laptop" }],
    ["the swarm is unknown", { ...NODE, swarm: undefined }],
  ])("is skipped if %s", async (_name, place) => {
    const host = "unix:///run/podman/podman.sock";
    expect(await checkSocket(host, place)).toEqual({
      kind: "skipped",
      reason: `${host} is a socket on the nodes, and this machine is not known to be one: run the command on a node, or \`docker -H ${host} version\``,
    });
  });

  it("fails if there is no such file, or nothing listens", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await checkSocket(`unix://${folder}/none`)).toEqual(
      failure(
        `there is no socket unix://${folder}/none: start the engine, or correct the path in \`docker.host\` (on node vm; 1 other node not checked)`,
      ),
    );
    expect(await checkSocket(`unix://${file}`)).toEqual(
      failure(
        `nothing listens on unix://${file}: start the engine (on node vm; 1 other node not checked)`,
      ),
    );
  });
});

describe("hasJobEngine", () => {
  it("is true only for a pool with `docker.host`", () => {
    expect(hasJobEngine(stackSettings())).toBe(false);
    expect(hasJobEngine(settingsWith({ host: "unix:///x" }))).toBe(true);
  });
});
