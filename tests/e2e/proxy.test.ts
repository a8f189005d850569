import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFacts } from "../../dev/facts";
import { type EnqueueJob, type Gitlab, startGitlab } from "../../fake-gitlab";
import { makeCertificate } from "../support/certificate";
import { type ClosedNode, startClosedNode } from "../support/closed-node";
import { type ForwardProxy, startForwardProxy } from "../support/forward-proxy";
import { GitServer } from "../support/git-server";
import { dockerPlaces, findSecret } from "../support/places-of-secrets";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";

const LOGIN = { user: "ci-user", password: "Long-password.of_the-proxy" };

/** The password with an encoding that programs need to decode. */
const ENCODED = "%4Cong%2Dpassword.of_the%2Dproxy";

let node: ClosedNode;
let proxy: ForwardProxy;
let pool: PoolFixture;
let repository: GitServer;
let job: EnqueueJob;
/** A second GitLab, with TLS. A pool of the same stack serves it. */
let secure: Gitlab;
let secureUrl: string;
let secureRunner: number;

/** Addresses from which requests reached one of the GitLabs. */
const clients = new Set<string>();

const channel = "http.server.request.start";
function recordClient(message: unknown): void {
  const { socket } = message as { readonly socket: Socket };
  const ports = [pool.gitlabUrl, secureUrl].map((url) => new URL(url).port);
  if (ports.includes(String(socket.localPort))) clients.add(socket.remoteAddress ?? "");
}

/** Starts a GitLab with TLS. Returns the settings of its pool. */
async function startSecure(): Promise<Record<string, unknown>> {
  using certificate = await makeCertificate(node.host);
  const switches = { longPollSeconds: 0, traceIntervalSeconds: 1 };
  secure = await startGitlab({ host: node.host, tls: certificate, switches });
  secureUrl = secure.url;
  const { id, token } = await secure.createRunner({ runUntagged: true });
  secureRunner = id;
  return { gitlabUrl: secureUrl, token, caCertificate: certificate.cert };
}

beforeAll(async () => {
  const local = await readFacts();
  node = await startClosedNode(local, Object.values(local.images));
  proxy = await startForwardProxy(node.host, { login: LOGIN, bind: node.other });
  await node.open(Number(proxy.address.split(":")[1]));
  const url = proxy.url.replace(LOGIN.password, ENCODED);
  pool = await createPool({
    platform: node.platform,
    settings: {
      replicas: 1,
      proxy: { http: url, https: url, noProxy: ["docker"] },
      pools: { secure: await startSecure() },
    },
  });
  repository = await GitServer.start([]);
  await writeFile(join(repository.folder, "file.txt"), "from the repository\n");
  subscribe(channel, recordClient);
  const sha = await repository.commit("A file", "main");
  for (const { instance } of [pool.gitlab, secure]) {
    instance.repositories.set("ci/demo", join(repository.folder, ".git"));
  }
  job = {
    // A plain Git server cannot serve a shallow clone.
    git: { sha, depth: 0 },
    script: ["cat file.txt", "env | grep -i _proxy= | sort"],
    artifacts: [{ paths: ["file.txt"] }],
  };
  await pool.stack.mustUp();
});
afterAll(async () => {
  unsubscribe(channel, recordClient);
  await pool[Symbol.asyncDispose]();
  await secure.stop();
  await repository[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

/** Lists the requests that the proxy passed to GitLab, each once. IDs are `N`. */
async function listProxied(): Promise<readonly string[]> {
  const lines = (await proxy.requests()).map((line) =>
    line.replace(pool.gitlabUrl, "").replace(/\?.*$/, "").replace(/\/\d+/g, "/N"),
  );
  return [...new Set(lines)];
}

/** Runs the job on one of the GitLabs. Returns its log. */
async function runJob(gitlab: Gitlab): Promise<string> {
  const { id } = await gitlab.enqueueJob(job);
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 120_000 });
  const log = (await gitlab.trace({ id })).replaceAll("\r", "");
  expect({ status, log }).toMatchObject({ status: "success" });
  expect(log).toContain("from the repository\n");
  return log;
}

describe("a pool whose network has no other way out than a proxy with a login", () => {
  it("clones, uploads artifacts and runs jobs through the proxy", async () => {
    const log = await runJob(pool.gitlab);
    const url = proxy.url.replace(LOGIN.password, ENCODED);
    const names = ["HTTPS_PROXY", "HTTP_PROXY", "http_proxy", "https_proxy"];
    for (const name of names) expect(log).toContain(`\n${name}=${url}\n`);
    for (const name of ["NO_PROXY", "no_proxy"]) expect(log).toContain(`\n${name}=docker\n`);
    expect(await listProxied()).toEqual(
      expect.arrayContaining([
        "POST /api/v4/runners/verify",
        "POST /api/v4/jobs/request",
        "GET /ci/demo.git/info/refs",
        "PATCH /api/v4/jobs/N/trace",
        "POST /api/v4/jobs/N/artifacts",
        "PUT /api/v4/jobs/N",
      ]),
    );
  });

  it("does the same with a GitLab with TLS, through CONNECT", async () => {
    await runJob(secure);
    expect(await proxy.requests()).toContain(`CONNECT ${new URL(secureUrl).host}`);
    expect((await proxy.requests()).filter((line) => line.includes(secureUrl))).toEqual([]);
  });

  it("shows its password in no process, log, task or state", async () => {
    const places = new Map(await dockerPlaces(pool));
    places.set("arguments of all processes", (await node.listArguments()).join("\n"));
    places.set("log of the engine", await readFile(node.logFile, "utf8"));
    places.set("state of the stack", await pool.stack.state());
    places.set("preview of the stack", await pool.stack.diff());
    expect(places.get("arguments of all processes")).toContain("gitlab-runner run");
    const secrets = [LOGIN.password, ENCODED, `${LOGIN.user}:${LOGIN.password}`];
    expect(secrets.flatMap((secret) => findSecret(secret, places))).toEqual([]);
    await pool.stack.expectNoChangesAfterRefresh();
  });

  it("deregisters through the proxy, and reaches GitLab in no other way", async () => {
    await pool.stack.configure({ replicas: 0 });
    await pool.stack.mustUp();
    await managersSettle(pool, 0, 60_000);
    await managersSettle({ gitlab: secure, runnerId: secureRunner }, 0, 60_000);
    expect(await listProxied()).toContain("DELETE /api/v4/runners/managers");
    expect([...clients]).toEqual([node.other]);
  });

  it("never comes online without the proxy, because its network is closed", async () => {
    const rejected = await node.countRejected();
    clients.clear();
    await pool.stack.configure({
      replicas: 1,
      proxy: undefined,
      onlineTimeout: "15s",
      pools: undefined,
    });
    const { exitCode, output } = await pool.stack.up();
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/waiting/);
    expect([...clients]).toEqual([]);
    expect(await node.countRejected()).toBeGreaterThan(rejected);
  });

  it("says in `up` that the proxy rejects the login, without showing the password", async () => {
    const wrong = `http://${LOGIN.user}:another-long-password@${proxy.address}`;
    await pool.stack.configure({ "proxy.http": wrong });
    const { exitCode, output } = await pool.stack.up();
    expect(exitCode).not.toBe(0);
    // tinyproxy answers 401 to a wrong password, and 407 to none.
    expect(output).toContain(
      `replica 1: waiting: ${pool.gitlabUrl}: the 401 response is not from GitLab: 401 Unauthorized (through proxy ${proxy.address})`,
    );
    expect(output).not.toContain("another-long-password");
    await pool.stack.configure({ "proxy.http": proxy.url, onlineTimeout: "60s" });
    await pool.stack.mustUp();
  });
});
