import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { makeEngineCertificates, type KeyPair } from "../support/engine-certificates";
import { forwardTo, listenOnTcp } from "../support/engine-proxy";
import { eventually } from "../support/eventually";
import { startForwardProxy } from "../support/forward-proxy";
import { findOutsideAddress } from "../support/outside-address";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";

const LOGIN = { user: "pool", password: "correct-horse-battery" };

/** How much faster the entrypoint's minute passes. */
const FAST = 40;

/** A folder like /etc/gitlab-runner with certificate files. */
function makeEtc(host: string, files: Readonly<Record<string, string>>) {
  const etc = mkdtempSync(join(tmpdir(), "etc-"));
  mkdirSync(join(etc, "certs"));
  for (const [end, text] of Object.entries(files)) {
    writeFileSync(join(etc, "certs", `${host}.${end}`), text);
  }
  return {
    etc,
    [Symbol.dispose]() {
      rmSync(etc, { recursive: true });
    },
  };
}

/** Lists the requests that GitLab has got, as the access log of a proxy does. */
async function listRequests({ gitlab }: ReplicaFixture): Promise<readonly string[]> {
  const { events } = await gitlab.events({});
  return events
    .filter((event) => event.kind === "request")
    .map(({ endpoint }) => endpoint.replace(" ", ` ${gitlab.url}/api/v4`))
    .sort();
}

describe("a replica behind a proxy", () => {
  it("registers, asks for jobs and deregisters through it, with its login", async () => {
    const host = findOutsideAddress();
    await using fixture = await createReplicaFixture({ host });
    await using proxy = await startForwardProxy(host, { login: LOGIN });
    const replica = await fixture.replica({ env: { http_proxy: proxy.url } });
    await replica.waitForState("online");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
    const asked = [...(await proxy.requests())].sort();
    expect(asked).toEqual(await listRequests(fixture));
    expect(new Set(asked)).toEqual(
      new Set([
        `DELETE ${fixture.gitlab.url}/api/v4/runners/managers`,
        `POST ${fixture.gitlab.url}/api/v4/jobs/request`,
        `POST ${fixture.gitlab.url}/api/v4/runners/verify`,
      ]),
    );
    expect(replica.log()).not.toContain(LOGIN.password);
  });

  it("uses that of its settings instead of that of its container", async () => {
    const host = findOutsideAddress();
    await using fixture = await createReplicaFixture({ host });
    await using proxy = await startForwardProxy(host, { login: LOGIN });
    // With NO_PROXY, the check before any request would not read a wrong HTTP_PROXY.
    const container = { HTTP_PROXY: "socks5://proxy.invalid:1080", NO_PROXY: "other.example.com" };
    const replica = await fixture.replica({
      env: { ...container, RUNNER_PROXY_HTTP: proxy.url },
    });
    await replica.waitForState("online");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect([...(await proxy.requests())].sort()).toEqual(await listRequests(fixture));
  });

  it("ignores it for a GitLab in NO_PROXY", async () => {
    const host = findOutsideAddress();
    await using fixture = await createReplicaFixture({ host });
    await using proxy = await startForwardProxy(host);
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: `${host.replace(/\d+$/, "0")}/24` };
    const replica = await fixture.replica({ env });
    await replica.waitForState("online");

    expect(await proxy.requests()).toEqual([]);
  });

  it("says that the proxy requires a login", async () => {
    const host = findOutsideAddress();
    await using fixture = await createReplicaFixture({ host });
    await using proxy = await startForwardProxy(host, { login: LOGIN });
    const withoutLogin = `http://${proxy.address}`;
    const replica = await fixture.replica({ env: { HTTP_PROXY: withoutLogin } });
    const refused = "answered 407 Proxy Authentication Required";
    const remedy = "correct the user and the password in RUNNER_PROXY_HTTP or HTTP_PROXY";
    expect(await replica.waitForState("waiting")).toMatch(
      new RegExp(
        `^${fixture.gitlab.url}: proxy ${proxy.address} ${refused} \\(${remedy}\\); retrying in `,
      ),
    );
    expect(await listRequests(fixture)).toEqual([]);
    replica.stop();
    await replica.exit();
  });

  it("says that the proxy rejects its login or is away, and retries", async () => {
    const host = findOutsideAddress();
    await using fixture = await createReplicaFixture({ host });
    await using proxy = await startForwardProxy(host, { login: LOGIN });
    await proxy.start({ user: LOGIN.user, password: "another" });
    const replica = await fixture.replica({ env: { HTTP_PROXY: proxy.url } });

    // tinyproxy answers 401 instead of 407 to a wrong login.
    expect(await replica.waitForState("waiting")).toContain(
      `: the 401 response is not from GitLab: 401 Unauthorized (through proxy ${proxy.address}) (if it is from the proxy, correct the user and the password in RUNNER_PROXY_HTTP or HTTP_PROXY); retr`,
    );
    expect(await listRequests(fixture)).toEqual([]);
    await proxy.start(LOGIN);
    await replica.waitForState("online");

    await proxy.stop();
    replica.stop();
    const said = await eventually(
      () => replica.lines().find(({ message }) => message.includes("is not deleted yet")),
      { what: "the replica to say why it is not deleted", timeoutMs: 30_000, intervalMs: 20 },
    );
    expect(said.message).toContain(
      `: proxy ${proxy.address} cannot be reached: connect ECONNREFUSED ${proxy.address} (check the proxy, and its address in RUNNER_PROXY_HTTP or HTTP_PROXY); retrying`,
    );
    await proxy.start();
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
    expect(replica.log()).not.toContain(LOGIN.password);
  });
});

describe("a replica whose GitLab requires a client certificate", () => {
  it("presents it, also through a proxy, as gitlab-runner does", async () => {
    const host = findOutsideAddress();
    const { ca, server, client } = await makeEngineCertificates(host);
    await using fixture = await createReplicaFixture({ host });
    await using proxy = await startForwardProxy(host, { login: LOGIN });
    const { hostname, port } = new URL(fixture.gitlab.url);
    const mutual = { ...server, ca, requestCert: true, rejectUnauthorized: true };
    await using front = await listenOnTcp(
      host,
      forwardTo({ host: hostname, port: Number(port) }),
      mutual,
    );
    const address = front.host.replace("tcp://", "");
    const files = { crt: ca, "auth.crt": client.cert, "auth.key": client.key };
    using folder = makeEtc(host, files);
    const replica = await fixture.replica({
      etc: folder.etc,
      env: { RUNNER_CI_URL: `https://${address}`, HTTPS_PROXY: proxy.url },
    });
    await replica.waitForState("online");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
    expect(new Set(await proxy.requests())).toEqual(new Set([`CONNECT ${address}`]));
    expect(front.accepted).toBe((await proxy.requests()).length);
  });

  it.concurrent("says that it is missing, and comes online when it is there", async () => {
    const { ca, server, client } = await makeEngineCertificates("127.0.0.1");
    await using fixture = await createReplicaFixture();
    const { hostname, port } = new URL(fixture.gitlab.url);
    const mutual = { ...server, ca, requestCert: true, rejectUnauthorized: true };
    const behind = forwardTo({ host: hostname, port: Number(port) });
    await using front = await listenOnTcp("127.0.0.1", behind, mutual);
    using folder = makeEtc("127.0.0.1", { crt: ca });
    const env = { RUNNER_CI_URL: front.host.replace("tcp:", "https:") };
    const replica = await fixture.replica({ etc: folder.etc, env });

    expect(await replica.waitForState("waiting")).toMatch(
      /: GitLab's server (requires a client certificate|closed the connection) .*: .*set `clientCertificate` and `clientKey`, or create .*127\.0\.0\.1\.auth\.crt and /,
    );
    // The key first, because a certificate without its key is a mistake.
    const certs = join(folder.etc, "certs");
    writeFileSync(join(certs, "127.0.0.1.auth.key"), client.key);
    writeFileSync(join(certs, "127.0.0.1.auth.crt"), client.cert);
    await replica.waitForState("online");
  });
});

describe("a replica whose proxy or certificate files cannot be used", () => {
  const cases: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    (client: KeyPair) => Readonly<Record<string, string>>,
    RegExp,
  ])[] = [
    ["a damaged authority", {}, () => ({ crt: "no" }), /\.crt must have certificates in PEM/],
    [
      "a key that does not fit",
      {},
      ({ cert }) => ({ "auth.crt": cert, "auth.key": "no" }),
      /\.auth\.key must be a private key in PEM/,
    ],
    [
      "a SOCKS proxy",
      { HTTPS_PROXY: `socks5://me:${LOGIN.password}@proxy:1080` },
      () => ({}),
      /^proxy proxy:1080 has the scheme socks5:\/\/, which is not supported/,
    ],
    [
      "a value that is not an address",
      { https_proxy: `http://me:${LOGIN.password}@proxy:port` },
      () => ({}),
      /^https_proxy is not the address of a proxy: /,
    ],
  ];

  it.concurrent.each(cases)(
    "exits before any request to GitLab: %s",
    async (_, env, files, problem) => {
      const host = "gitlab.invalid";
      const { client } = await makeEngineCertificates("127.0.0.1");
      await using fixture = await createReplicaFixture();
      using folder = makeEtc(host, files(client));
      const replica = await fixture.replica({
        script: {},
        clock: FAST,
        etc: folder.etc,
        env: { RUNNER_CI_URL: `https://${host}`, ...env },
      });

      expect(await replica.waitForState("refused")).toMatch(problem);
      expect((await replica.exit()).code).toBe(EXIT.config);
      expect(replica.states()).toEqual(["refused", "warning"]);
      expect(replica.log()).not.toContain(LOGIN.password);
    },
  );
});
