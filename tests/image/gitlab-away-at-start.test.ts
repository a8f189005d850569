import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../fake-gitlab";
import { makeCertificate } from "../support/certificate";
import { startToggleProxy } from "../support/toggle-proxy";
import { createReplicaFixture } from "../support/replica-fixture";

const VERIFY = "POST /runners/verify";

/** How much faster the entrypoint's minutes pass. */
const FAST = 40;

/** GitLab's response to too many requests. */
const BUSY: FaultAction = {
  kind: "status",
  status: 429,
  headers: { "Retry-After": "1" },
  body: { message: "429 Too Many Requests" },
};

/** What GitLab does twice, and what the replica logs. */
const PASSING: readonly (readonly [string, FaultAction, string])[] = [
  ["a reset connection", { kind: "reset" }, "read ECONNRESET"],
  ["a response that gets lost", { kind: "drop answer" }, "read ECONNRESET"],
  ["500", { kind: "status", status: 500 }, "500 Internal Server Error"],
  ["a proxy's 502", { kind: "text", text: "<h1>Bad</h1>", status: 502 }, "502 Bad Gateway"],
  ["429", BUSY, "429 Too Many Requests"],
  ["a sign-in page", { kind: "text", text: "<h1>Sign in</h1>" }, "the 200 response is not JSON"],
  [
    "a temporary redirect",
    { kind: "redirect", location: "https://sso.example.com/a?b=c" },
    "302 redirects to https://sso.example.com",
  ],
  [
    "a firewall's 403",
    { kind: "text", text: "<html>blocked by WAF</html>", status: 403 },
    "the 403 response is not from GitLab: 403 Forbidden",
  ],
  [
    "404 for the path",
    { kind: "status", status: 404, body: { error: "404 Not Found" } },
    "the 404 response is not from GitLab: 404 Not Found (if this lasts, correct the path in `gitlabUrl`)",
  ],
  [
    "429 in plain text",
    { kind: "text", text: "Retry later\n", status: 429 },
    "429 Too Many Requests",
  ],
];

describe("a starting replica", () => {
  it.concurrent.each(PASSING)("retries after %s until it is online", async (_, action, why) => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    await gitlab.addFault({ endpoint: VERIFY, action, times: 2 });
    const replica = await fixture.replica();
    await replica.waitForState("online");

    const reports = replica.lines().filter(({ state }) => state === "waiting");
    expect(reports).toHaveLength(2);
    for (const { message } of reports) {
      expect(message.startsWith(`${gitlab.url}: ${why}; retrying in `)).toBe(true);
    }
    expect(await fixture.requests(VERIFY)).toHaveLength(3);
    expect(await fixture.systemIds()).toHaveLength(1);
    if (action.kind === "status" && action.status === 429) {
      expect(reports.map(({ message }) => message.slice(-5))).toEqual(["1.0 s", "1.0 s"]);
    }
  });

  it.concurrent("waits 30 s for a slow response, and asks only once", async () => {
    await using fixture = await createReplicaFixture();
    await fixture.gitlab.addFault({
      endpoint: VERIFY,
      action: { kind: "delay", ms: 30_000 / FAST },
    });
    const replica = await fixture.replica({ clock: FAST });
    await replica.waitForState("online");

    expect(await fixture.requests(VERIFY)).toHaveLength(1);
    expect(replica.states()).toEqual(["starting", "online"]);
  });

  it.concurrent("retries after a minute without a response", async () => {
    await using fixture = await createReplicaFixture();
    await fixture.gitlab.addFault({ endpoint: VERIFY, action: { kind: "hang" }, times: 1 });
    const replica = await fixture.replica({ clock: FAST });
    await replica.waitForState("online");

    expect(await replica.waitForState("waiting")).toContain(
      "no response within 60 s; retrying in ",
    );
    expect(await fixture.requests(VERIFY)).toHaveLength(2);
  });

  it.concurrent("retries while GitLab refuses connections", async () => {
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(fixture.gitlab.url);
    await gate.close();
    const replica = await fixture.replica({ env: { RUNNER_CI_URL: gate.url } });
    expect(await replica.waitForState("waiting")).toContain("ECONNREFUSED");

    await gate.open();
    await replica.waitForState("online");
  });

  it.concurrent("retries until it trusts GitLab's certificate", async () => {
    using tls = await makeCertificate();
    await using fixture = await createReplicaFixture({ tls });
    // Outside the image, gitlab-runner looks for certificates elsewhere.
    const replica = await fixture.replica({ env: { SSL_CERT_FILE: tls.file } });
    expect(await replica.waitForState("waiting")).toContain("self-signed certificate");

    const folder = join(replica.folder, "etc/certs");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "127.0.0.1.crt"), tls.cert);
    await replica.waitForState("online");
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });
});
