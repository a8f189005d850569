import {
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { makeEngineCertificates, type EngineCertificates } from "../support/engine-certificates";
import { forwardTo, listenOnSocket, listenOnTcp } from "../support/engine-proxy";
import { enqueue, expectSuccess, startWithEngine } from "../support/engine-replica";
import { eventually } from "../support/eventually";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

let platform: PlatformFacts;
let certificates: EngineCertificates;
let folder: string;
beforeAll(async () => {
  platform = await readFacts();
  certificates = await makeEngineCertificates("127.0.0.1");
  folder = mkdtempSync(join(tmpdir(), "engine-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const realEngine = () => forwardTo(platform.dockerHost.slice("unix://".length));

/** Starts a replica whose jobs an engine runs. */
const start = (fixture: ReplicaFixture, env: Readonly<Record<string, string>>) =>
  startWithEngine(fixture, platform, env);

/** Checks that a replica has sent nothing to GitLab. */
async function expectNoRequest({ gitlab }: ReplicaFixture): Promise<void> {
  const { events } = await gitlab.events({});
  expect(events.filter(({ kind }) => kind === "request")).toEqual([]);
  expect(await gitlab.managers({})).toEqual([]);
}

/** Waits until a replica reports that its engine is away for this reason. */
async function waitForReason(replica: ReplicaProcess, reason: RegExp): Promise<void> {
  await eventually(
    () => replica.lines().some(({ state, message }) => state === "waiting" && reason.test(message)),
    { what: `the reason ${String(reason)}`, timeoutMs: 40_000, intervalMs: 20 },
  ).catch((cause: unknown) => {
    throw new Error(replica.log(), { cause });
  });
}

let sockets = 0;
function newSocket(): string {
  sockets += 1;
  return join(folder, `${sockets}.sock`);
}

describe("a replica whose engine is away", () => {
  it("takes no job until the socket appears, then comes online and runs the job", async () => {
    await using fixture = await createReplicaFixture();
    const { id } = await enqueue(fixture);
    const path = newSocket();
    const replica = await start(fixture, { DOCKER_HOST: `unix://${path}` });
    await waitForReason(
      replica,
      new RegExp(
        `^the Docker engine at unix://${path} cannot run jobs: this replica has no such file: `,
      ),
    );
    // It reports a reason once, although it asks again and again.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(replica.states()).toEqual(["starting", "waiting"]);
    await expectNoRequest(fixture);

    {
      await using other = await listenOnSocket(path, (socket) => {
        socket.end("SSH-2.0-OpenSSH_9.2\r\n");
      });
      await waitForReason(replica, /it is not a Docker engine: it sent "SSH-2.0-OpenSSH_9.2"/);
      expect(other.accepted).toBeGreaterThan(0);
      await expectNoRequest(fixture);
    }

    await using engine = await listenOnSocket(path, realEngine());
    await replica.waitForState("online", 60_000);
    await expectSuccess(fixture, id);
    expect(engine.accepted).toBeGreaterThan(2);
    const states = replica.states().filter((state) => state !== "warning");
    expect(states[0]).toBe("starting");
    expect(states.slice(-2)).toEqual(["starting", "online"]);
    expect(replica.log()).toMatch(
      new RegExp(
        `starting: the Docker engine at unix://${path} answers: version \\S+, API 1\\.\\d+\n`,
      ),
    );
    replica.stop("SIGQUIT");
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.each(["SIGTERM", "SIGQUIT"] as const)("ends at once on %s", async (signal) => {
    await using fixture = await createReplicaFixture();
    const replica = await start(fixture, { DOCKER_HOST: `unix://${newSocket()}` });
    await replica.waitForState("waiting");
    // After a while, the pauses between two attempts take seconds.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const at = replica.stop(signal);
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(1_000);
    expect(replica.states()).toEqual(["starting", "waiting", "deregistered"]);
    await expectNoRequest(fixture);
    await replica.leavesNoProcess();
  });

  it("ends at once on a stop signal while the engine does not answer", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await listenOnSocket(newSocket(), () => undefined);
    const replica = await start(fixture, { DOCKER_HOST: engine.host });
    await eventually(() => engine.accepted > 0, { what: "a request", timeoutMs: 20_000 });
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(1_000);
    await expectNoRequest(fixture);
  });

  it("does not wait for an engine if it runs shell jobs", async () => {
    await using fixture = await createReplicaFixture();
    const env = { DOCKER_HOST: `unix://${newSocket()}`, RUNNER_EXECUTOR: "shell" };
    const replica = await fixture.replica({ env });
    await replica.waitForState("online");
    expect(replica.states()).not.toContain("waiting");
  });

  it("waits for the engine in a config.toml that is mounted", async () => {
    await using fixture = await createReplicaFixture();
    const etc = mkdtempSync(join(folder, "etc-"));
    const path = newSocket();
    writeFileSync(
      join(etc, "config.toml"),
      `[[runners]]\ntoken = "${fixture.token}"\n[runners.docker]\nhost = "unix://${path}"\n`,
    );
    const replica = await fixture.replica({ env: { RUNNER_EXECUTOR: "docker" }, etc });
    expect(await replica.waitForState("waiting")).toContain(`unix://${path}`);
    await expectNoRequest(fixture);
  });
});

describe("a replica whose engine requires TLS", () => {
  /** Writes what a client of the engine needs. @returns the folder */
  function clientFolder(changes: Readonly<Record<string, string>> = {}): string {
    const { ca, client } = certificates;
    const path = mkdtempSync(join(folder, "client-"));
    mkdirSync(path, { recursive: true });
    const files = { "ca.pem": ca, "cert.pem": client.cert, "key.pem": client.key, ...changes };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return path;
  }

  function listenWithTls() {
    const { ca, server } = certificates;
    const tls = { ca, ...server, requestCert: true, rejectUnauthorized: true };
    return listenOnTcp("127.0.0.1", realEngine(), tls);
  }

  it("runs a job through a connection with certificates of both sides", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await listenWithTls();
    const { id } = await enqueue(fixture);
    const tls = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: clientFolder() };
    const replica = await start(fixture, { DOCKER_HOST: engine.host, ...tls });
    await replica.waitForState("online", 60_000);
    await expectSuccess(fixture, id);
    expect(engine.accepted).toBeGreaterThan(2);
  });

  it("runs a job with the engine in its settings, and removes the key when it ends", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await listenWithTls();
    const { ca, client } = certificates;
    const keyFile = join(clientFolder(), "key.pem");
    const { id } = await enqueue(fixture);
    const replica = await start(fixture, {
      RUNNER_DOCKER_HOST: engine.host,
      RUNNER_DOCKER_HOST_CA: ca,
      RUNNER_DOCKER_HOST_CERT: client.cert,
      RUNNER_DOCKER_HOST_KEY_FILE: keyFile,
      DOCKER_HOST: "unix:///nowhere/docker.sock",
    });
    await replica.waitForState("online", 60_000);
    await expectSuccess(fixture, id);
    expect(engine.accepted).toBeGreaterThan(2);

    const written = join(replica.folder, "run/docker");
    expect(readFileSync(join(written, "key.pem"), "utf8")).toBe(client.key);
    const modes = ["", "ca.pem", "cert.pem", "key.pem"].map(
      (name) => statSync(join(written, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
    expect(replica.log()).not.toContain(client.key.split("\n")[1] ?? "no key");
    replica.stop("SIGQUIT");
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(readdirSync(written)).toEqual([]);
  });

  it.each<[string, () => Readonly<Record<string, string>>, RegExp]>([
    [
      "with the wrong CA",
      () => ({ "ca.pem": certificates.otherCa }),
      /: this replica rejects the engine's certificate: .*`docker\.hostCa`/,
    ],
    [
      "with a certificate of another CA",
      () => ({ "cert.pem": certificates.stranger.cert, "key.pem": certificates.stranger.key }),
      /rejects this replica's certificate.*`docker\.hostCert`/,
    ],
  ])("is not online %s, and sends no request to GitLab", async (_, files, reason) => {
    await using fixture = await createReplicaFixture();
    await using engine = await listenWithTls();
    await enqueue(fixture);
    const tls = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: clientFolder(files()) };
    const replica = await start(fixture, { DOCKER_HOST: engine.host, ...tls });
    expect(await replica.waitForState("waiting")).toMatch(reason);
    await expectNoRequest(fixture);
  });

  it("is not online without a certificate, and sends no request to GitLab", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await listenWithTls();
    const replica = await start(fixture, { DOCKER_HOST: engine.host });
    expect(await replica.waitForState("waiting")).toMatch(/check .*whether it requires TLS$/);
    await expectNoRequest(fixture);
  });
});
