import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { listEncodings } from "../../contract/redact";
import { type ForwardProxy, startForwardProxy } from "../support/forward-proxy";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";

const LOGIN = { user: "ci-user", password: "Long-password.of_the-proxy" };

/** Prints the variables of the proxy in a job. */
const PRINT = "env | grep -i _proxy= | sort";

/**
 * GitLab's URL with an address for which programs use a proxy. They use none for a loopback
 * address. A connection to this address reaches this machine.
 */
const urlOf = ({ gitlab }: ReplicaFixture): string => `http://0.0.0.0:${new URL(gitlab.url).port}`;

/** Starts a watched replica whose only way to GitLab is through a proxy. */
function startBehind(fixture: ReplicaFixture, url: string, env: Record<string, string> = {}) {
  return fixture.replica({
    env: { RUNNER_CI_URL: urlOf(fixture), RUNNER_PROXY_HTTP: url, POOL_WATCH: "0.5", ...env },
  });
}

/** Lists the requests that the proxy passed to GitLab, each once. IDs are `N`. */
async function listProxied(proxy: ForwardProxy, fixture: ReplicaFixture) {
  const lines = await proxy.requests();
  const short = lines.map((line) =>
    line.replace(urlOf(fixture), "").replace(/\?.*$/, "").replace(/\/\d+/g, "/N"),
  );
  return [...new Set(short)].sort();
}

/** Runs a job of the shell executor. Returns its log. */
async function runJob({ gitlab }: ReplicaFixture, script: string): Promise<string> {
  const { id } = await gitlab.enqueueJob({ script: [script] });
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 60_000 });
  const log = await gitlab.trace({ id });
  expect({ status, log }).toMatchObject({ status: "success" });
  return log;
}

describe("a replica behind a proxy", () => {
  it("sends every request through it, and no log or argument contains its password", async () => {
    await using fixture = await createReplicaFixture();
    await using proxy = await startForwardProxy("127.0.0.1", { login: LOGIN });
    // Characters are percent-encoded without need: each program must decode them.
    const url = proxy.url.replace("Long-", "%4Cong%2D");
    const replica = await startBehind(fixture, url, {
      RUNNER_PROXY_NO_PROXY: "docker,.example.com",
    });
    await replica.waitForState("online");
    expect(statSync(join(replica.folder, "run/proxy")).mode & 0o777).toBe(0o600);
    const log = await runJob(fixture, PRINT);
    expect(log.replaceAll("\r", "")).toContain(
      [
        // A variable that no setting sets is empty, so that one of the image cannot count.
        "HTTPS_PROXY=",
        `HTTP_PROXY=${url}`,
        "NO_PROXY=docker,.example.com",
        `http_proxy=${url}`,
        "https_proxy=",
        "no_proxy=docker,.example.com",
      ].join("\n"),
    );
    const argv = replica.processes().map(({ args }) => args.join(" "));
    replica.stop("SIGQUIT");
    expect(await replica.exit()).toMatchObject({ code: 0 });

    expect(await listProxied(proxy, fixture)).toEqual([
      "DELETE /api/v4/runners/managers",
      "PATCH /api/v4/jobs/N/trace",
      "POST /api/v4/jobs/request",
      "POST /api/v4/runners/verify",
      "PUT /api/v4/jobs/N",
    ]);
    const { events } = await fixture.gitlab.events({});
    const received = events.filter(({ kind }) => kind === "request");
    expect((await proxy.requests()).length).toBe(received.length);
    for (const text of [LOGIN.password, "%4Cong%2Dpassword", `${LOGIN.user}:${LOGIN.password}`]) {
      for (const form of listEncodings(text)) {
        expect(replica.log()).not.toContain(form);
        expect(argv.join("\n")).not.toContain(form);
      }
    }
    expect(statSync(join(replica.folder, "run/proxy"), { throwIfNoEntry: false })).toBeUndefined();
  });

  it("gives jobs empty variables if only the replica may use the proxy", async () => {
    await using fixture = await createReplicaFixture();
    await using proxy = await startForwardProxy("127.0.0.1");
    const replica = await startBehind(fixture, proxy.url, { RUNNER_PROXY_JOBS: "false" });
    await replica.waitForState("online");
    const log = await runJob(fixture, `${PRINT}; echo end`);
    expect(log.replaceAll("\r", "")).toContain(
      [
        "HTTPS_PROXY=",
        "HTTP_PROXY=",
        "NO_PROXY=",
        "http_proxy=",
        "https_proxy=",
        "no_proxy=",
        "end",
      ].join("\n"),
    );
  });

  it("starts gitlab-runner only when GitLab has accepted it", async () => {
    await using fixture = await createReplicaFixture();
    await using proxy = await startForwardProxy("127.0.0.1");
    const action = { kind: "hold answer", ms: 2_000 } as const;
    await fixture.gitlab.addFault({ endpoint: "POST /runners/verify", action });
    const replica = await startBehind(fixture, proxy.url);
    await fixture.gitlab.waitForEvent((event) => event.kind === "held", {
      what: "the token to be presented",
      timeoutMs: 20_000,
    });
    const running = replica.processes().map(({ args }) => args.join(" "));
    expect(running.filter((line) => line.includes("gitlab-runner run"))).toEqual([]);
    await replica.waitForState("online");
  });

  it("reports a proxy that rejects its login, and retries until it does not", async () => {
    await using fixture = await createReplicaFixture();
    await using proxy = await startForwardProxy("127.0.0.1", { login: LOGIN });
    const replica = await startBehind(fixture, `http://${proxy.address}`);
    const message = await replica.waitForState("waiting");
    expect(message).toContain(`proxy ${proxy.address} answered 407 Proxy Authentication Required`);
    await proxy.start(null);
    await replica.waitForState("online");
  });

  it("reports a proxy that is away, takes no job until it is back", async () => {
    await using fixture = await createReplicaFixture();
    await using proxy = await startForwardProxy("127.0.0.1", { login: LOGIN });
    const replica = await startBehind(fixture, proxy.url);
    await replica.waitForState("online");
    await proxy.stop();
    const message = await replica.waitForState("waiting");
    expect(message).toContain(`proxy ${proxy.address}`);
    expect(message).toContain("ECONNREFUSED");
    const { id } = await fixture.gitlab.enqueueJob({ script: ["true"] });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await fixture.gitlab.job({ id })).toMatchObject({ status: "pending" });
    await proxy.start();
    expect(await fixture.gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({
      status: "success",
    });
    expect(replica.states().filter((state) => state === "waiting")).toHaveLength(1);
    expect(replica.log()).not.toContain(LOGIN.password);
  });
});
