import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../fake-gitlab";
import { makeCertificate } from "../support/certificate";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";

const REMOVE = "DELETE /runners/managers";

/** GitLab's response to too many requests. */
const BUSY: FaultAction = {
  kind: "status",
  status: 429,
  headers: { "Retry-After": "1" },
  body: { message: "429 Too Many Requests" },
};

const PASSING: readonly (readonly [string, FaultAction, string])[] = [
  ["a reset connection", { kind: "reset" }, "read ECONNRESET"],
  ["500", { kind: "status", status: 500 }, "500 Internal Server Error"],
  ["502", { kind: "text", text: "<h1>Bad</h1>", status: 502 }, "502 Bad Gateway"],
  ["429", BUSY, "429 Too Many Requests"],
  [
    "a temporary redirect",
    { kind: "redirect", location: "/login" },
    "302 redirects to another address",
  ],
  [
    "403 from a firewall",
    { kind: "text", text: "<html>blocked by WAF</html>", status: 403 },
    "the 403 response is not from GitLab: 403 Forbidden",
  ],
  [
    "404 from an ingress",
    { kind: "text", text: "<h1>404 Not Found</h1>", status: 404 },
    "the 404 response is not from GitLab: 404 Not Found (if this lasts, correct the path in `gitlabUrl`)",
  ],
  [
    "404 for the path",
    { kind: "status", status: 404, body: { error: "404 Not Found" } },
    "the 404 response is not from GitLab: 404 Not Found (if this lasts, correct the path in `gitlabUrl`)",
  ],
  [
    "403 from a read-only GitLab",
    {
      kind: "status",
      status: 403,
      body: { message: "You cannot perform write operations on a read-only instance" },
    },
    "the 403 response is not from GitLab: You cannot perform write operations on a read-only instance",
  ],
];

const LASTING: readonly (readonly [string, FaultAction, string])[] = [
  [
    "403 because the runner has lost its project",
    { kind: "status", status: 403, body: { message: "403 Forbidden - Runner is orphaned" } },
    "403 Forbidden - Runner is orphaned",
  ],
  ["400", { kind: "status", status: 400 }, "400 Bad Request"],
  ["401", { kind: "status", status: 401 }, "401 Unauthorized"],
  [
    "a permanent redirect",
    { kind: "redirect", location: "https://git.example.com/", status: 301 },
    "301 redirects to https://git.example.com",
  ],
];

describe("a replica that deregisters", () => {
  it.concurrent.each(PASSING)("retries after %s until it succeeds", async (_, action, why) => {
    await using fixture = await createReplicaFixture();
    const { replica, manager } = await startOnline(fixture);
    await fixture.gitlab.addFault({ endpoint: REMOVE, action, times: 2 });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    const reports = replica.lines().slice(3);
    expect(reports.map(({ state }) => state)).toEqual(["waiting", "waiting", "deregistered"]);
    expect(
      reports[0]?.message.startsWith(`${manager} is not deleted yet: ${why}; retrying in `),
    ).toBe(true);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent.each(LASTING)("logs at once what is left after %s", async (_, action, why) => {
    await using fixture = await createReplicaFixture();
    const { replica, manager } = await startOnline(fixture);
    await fixture.gitlab.addFault({ endpoint: REMOVE, action });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.notDeregistered);
    expect(await fixture.requests(REMOVE)).toHaveLength(1);
    expect(await replica.waitForState("not deregistered")).toBe(
      `${manager} is still in GitLab: ${why}; delete it there, or GitLab does so after 7 days`,
    );
  });

  it.concurrent("treats 404 as success after the first response got lost", async () => {
    await using fixture = await createReplicaFixture();
    const { replica, manager } = await startOnline(fixture);
    await fixture.gitlab.addFault({
      endpoint: REMOVE,
      action: { kind: "drop answer" },
      times: 1,
    });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await replica.waitForState("deregistered")).toBe(manager);
    const [lost, second] = await fixture.requests(REMOVE);
    expect([lost?.status, second?.status]).toEqual([204, 404]);
  });

  it.concurrent("exits 0 if GitLab no longer knows its token", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture);
    await fixture.gitlab.deleteRunner({ runnerId: fixture.runnerId });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await replica.waitForState("deregistered")).toContain(
      "GitLab no longer knows the token (403 Forbidden)",
    );
  });

  it.concurrent("retries until it trusts GitLab's certificate again", async () => {
    using tls = await makeCertificate();
    await using fixture = await createReplicaFixture({ tls });
    const folder = mkdtempSync(join(tmpdir(), "replica-"));
    const trusted = join(folder, "etc/certs/127.0.0.1.crt");
    mkdirSync(join(trusted, ".."), { recursive: true });
    writeFileSync(trusted, tls.cert);
    const { replica } = await startOnline(fixture, { folder });
    renameSync(trusted, `${trusted}.old`);
    replica.stop();
    expect(await replica.waitForState("waiting")).toContain("self-signed certificate");

    renameSync(`${trusted}.old`, trusted);
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });
});
