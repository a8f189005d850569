import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../local/gitlab";
import { makeCertificate } from "../support/certificate";
import { startOnline } from "../support/online-replica";
import { createReplicaFixture } from "../support/replica-fixture";

const REMOVE = "DELETE /runners/managers";

const PASSING: readonly (readonly [string, FaultAction, string])[] = [
  ["cuts connections", { kind: "reset" }, "read ECONNRESET"],
  ["answers 500", { kind: "status", status: 500 }, "500 Internal Server Error"],
  ["answers 502", { kind: "text", text: "<h1>Bad</h1>", status: 502 }, "502 Bad Gateway"],
  [
    "answers 429",
    { kind: "status", status: 429, headers: { "Retry-After": "1" } },
    "429 Too Many Requests",
  ],
  [
    "redirects for now",
    { kind: "redirect", location: "/login" },
    "302 redirects to another address",
  ],
];

const LASTING: readonly (readonly [string, FaultAction, string])[] = [
  ["answers 400", { kind: "status", status: 400 }, "400 Bad Request"],
  ["answers 401", { kind: "status", status: 401 }, "401 Unauthorized"],
  [
    "redirects for ever",
    { kind: "redirect", location: "https://git.example.com/", status: 301 },
    "301 redirects to https://git.example.com",
  ],
];

describe("a stopped replica whose GitLab", () => {
  it.concurrent.each(PASSING)("%s tries again until it is removed", async (_, action, why) => {
    await using fixture = await createReplicaFixture();
    const { replica, manager } = await startOnline(fixture);
    await fixture.gitlab.addFault({ endpoint: REMOVE, action, times: 2 });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    const said = replica.lines().slice(3);
    expect(said.map(({ state }) => state)).toEqual(["waiting", "waiting", "removed"]);
    expect(
      said[0]?.message.startsWith(`${manager} is not removed yet: ${why}; trying again in `),
    ).toBe(true);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent.each(LASTING)("%s says at once what is left", async (_, action, why) => {
    await using fixture = await createReplicaFixture();
    const { replica, manager } = await startOnline(fixture);
    await fixture.gitlab.addFault({ endpoint: REMOVE, action });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.left);
    expect(await fixture.requests(REMOVE)).toHaveLength(1);
    expect(await replica.says("left")).toBe(
      `${manager} is still in GitLab: ${why}; remove it there, or GitLab does after 7 days`,
    );
  });

  it.concurrent(
    "removes it without telling takes the second answer, 404, for success",
    async () => {
      await using fixture = await createReplicaFixture();
      const { replica, manager } = await startOnline(fixture);
      await fixture.gitlab.addFault({
        endpoint: REMOVE,
        action: { kind: "drop answer" },
        times: 1,
      });
      replica.stop();

      expect((await replica.exit()).code).toBe(EXIT.ok);
      expect(await replica.says("removed")).toBe(manager);
      const [lost, second] = await fixture.requests(REMOVE);
      expect([lost?.status, second?.status]).toEqual([204, 404]);
    },
  );

  it.concurrent("knows its token no more has nothing left to do", async () => {
    await using fixture = await createReplicaFixture();
    const { replica } = await startOnline(fixture);
    await fixture.gitlab.deleteRunner({ runnerId: fixture.runnerId });
    replica.stop();

    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await replica.says("removed")).toContain(
      "GitLab knows the token no more (403 Forbidden)",
    );
  });

  it.concurrent("has a certificate that it trusts no more tries again", async () => {
    using tls = await makeCertificate();
    await using fixture = await createReplicaFixture({ tls });
    const place = mkdtempSync(join(tmpdir(), "replica-"));
    const trusted = join(place, "etc/certs/127.0.0.1.crt");
    mkdirSync(join(trusted, ".."), { recursive: true });
    writeFileSync(trusted, tls.cert);
    const { replica } = await startOnline(fixture, { place });
    renameSync(trusted, `${trusted}.old`);
    replica.stop();
    expect(await replica.says("waiting")).toContain("self-signed certificate");

    renameSync(`${trusted}.old`, trusted);
    expect((await replica.exit()).code).toBe(EXIT.ok);
    expect(await fixture.systemIds()).toEqual([]);
  });
});
