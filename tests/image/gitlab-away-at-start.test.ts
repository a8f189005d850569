import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../local/gitlab";
import { makeCertificate } from "../support/certificate";
import { openGate } from "../support/gate";
import { createReplicaFixture } from "../support/replica-fixture";

const VERIFY = "POST /runners/verify";

/** How much faster the entrypoint's minutes pass. */
const FAST = 40;

/** What GitLab does twice, and what the replica says of it. */
const PASSING: readonly (readonly [string, FaultAction, string])[] = [
  ["cut connections", { kind: "reset" }, "read ECONNRESET"],
  ["answers that get lost", { kind: "drop answer" }, "read ECONNRESET"],
  ["500", { kind: "status", status: 500 }, "500 Internal Server Error"],
  ["a proxy's 502", { kind: "text", text: "<h1>Bad</h1>", status: 502 }, "502 Bad Gateway"],
  [
    "429",
    { kind: "status", status: 429, headers: { "Retry-After": "1" } },
    "429 Too Many Requests",
  ],
  ["a sign-in page", { kind: "text", text: "<h1>Sign in</h1>" }, "the answer 200 is no JSON"],
  [
    "a redirect for now",
    { kind: "redirect", location: "https://sso.example.com/a?b=c" },
    "302 redirects to https://sso.example.com",
  ],
];

describe("a replica", () => {
  it.concurrent.each(PASSING)(
    "whose GitLab answers its start by %s tries again until it is online",
    async (_, action, why) => {
      await using fixture = await createReplicaFixture();
      const { gitlab } = fixture;
      await gitlab.addFault({ endpoint: VERIFY, action, times: 2 });
      const replica = await fixture.replica();
      await replica.says("online");

      const said = replica.lines().filter(({ state }) => state === "waiting");
      expect(said).toHaveLength(2);
      for (const { message } of said) {
        expect(message.startsWith(`${gitlab.url}: ${why}; trying again in `)).toBe(true);
      }
      expect(await fixture.requests(VERIFY)).toHaveLength(3);
      expect(await fixture.systemIds()).toHaveLength(1);
      if (action.kind === "status" && action.status === 429) {
        expect(said.map(({ message }) => message.slice(-5))).toEqual(["1.0 s", "1.0 s"]);
      }
    },
  );

  it.concurrent("whose GitLab answers after 30 s waits for it, and asks only once", async () => {
    await using fixture = await createReplicaFixture();
    await fixture.gitlab.addFault({
      endpoint: VERIFY,
      action: { kind: "delay", ms: 30_000 / FAST },
    });
    const replica = await fixture.replica({ clock: FAST });
    await replica.says("online");

    expect(await fixture.requests(VERIFY)).toHaveLength(1);
    expect(replica.states()).toEqual(["starting", "online"]);
  });

  it.concurrent(
    "whose GitLab does not answer gives up after a minute, and tries again",
    async () => {
      await using fixture = await createReplicaFixture();
      await fixture.gitlab.addFault({ endpoint: VERIFY, action: { kind: "hang" }, times: 1 });
      const replica = await fixture.replica({ clock: FAST });
      await replica.says("online");

      expect(await replica.says("waiting")).toContain("no answer in 60 s; trying again in ");
      expect(await fixture.requests(VERIFY)).toHaveLength(2);
    },
  );

  it.concurrent("whose GitLab refuses connections tries again until it is online", async () => {
    await using fixture = await createReplicaFixture();
    await using gate = await openGate(fixture.gitlab.url);
    await gate.close();
    const replica = await fixture.replica({ env: { RUNNER_CI_URL: gate.url } });
    expect(await replica.says("waiting")).toContain("ECONNREFUSED");

    await gate.open();
    await replica.says("online");
  });

  it.concurrent(
    "whose GitLab has a certificate that it does not trust tries again until it does",
    async () => {
      using tls = await makeCertificate();
      await using fixture = await createReplicaFixture({ tls });
      // Here gitlab-runner does not look where it does in the image.
      const replica = await fixture.replica({ env: { SSL_CERT_FILE: tls.file } });
      expect(await replica.says("waiting")).toContain("self-signed certificate");

      const folder = join(replica.place, "etc/certs");
      mkdirSync(folder);
      writeFileSync(join(folder, "127.0.0.1.crt"), tls.cert);
      await replica.says("online");
      replica.stop();

      expect((await replica.exit()).code).toBe(EXIT.ok);
      expect(await fixture.systemIds()).toEqual([]);
    },
  );
});
