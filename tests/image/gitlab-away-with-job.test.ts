import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import { startGitlab, type FaultAction } from "../../fake-gitlab";
import { makeCertificate } from "../support/certificate";
import { startToggleProxy } from "../support/toggle-proxy";
import { startJob } from "../support/jobs";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

const SCRIPT = ["for i in 1 2 3; do echo tick $i; sleep 0.7; done"];

/** How GitLab is unreachable; undefined: it refuses connections. */
const AWAY: readonly (readonly [string, FaultAction | undefined])[] = [
  ["refuses connections", undefined],
  ["hangs", { kind: "hang" }],
  ["answers 500", { kind: "status", status: 500 }],
  ["redirects to a sign-in page", { kind: "redirect", location: "/" }],
  ["answers 502", { kind: "text", text: "<h1>Bad</h1>", status: 502 }],
  ["answers 429", { kind: "status", status: 429, headers: { "Retry-After": "1" } }],
];

describe("a replica that is stopped during its job", () => {
  it.concurrent.each(AWAY)("loses nothing while GitLab %s", async (_, action) => {
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(fixture.gitlab.url);
    const { gitlab } = fixture;
    const replica = await fixture.replica({ env: { RUNNER_CI_URL: gate.url } });
    const id = await startJob(gitlab, { script: SCRIPT });
    if (action === undefined) await gate.close();
    else await gitlab.addFault({ action });
    replica.stop();
    await replica.waitForState("draining");
    // The job ends during this time, and gitlab-runner cannot report that.
    await sleep(3_500);
    expect((await gitlab.job({ id })).status).toBe("running");
    if (action === undefined) await gate.open();
    else await gitlab.clearFaults();

    await losesNothing(fixture, replica, id);
  });

  it.concurrent("loses nothing while GitLab has an untrusted certificate", async () => {
    using tls = await makeCertificate();
    using strange = await makeCertificate();
    await using fixture = await createReplicaFixture({ tls });
    await using stranger = await startGitlab({ tls: strange });
    await using gate = await startToggleProxy(fixture.gitlab.url);
    const folder = mkdtempSync(join(tmpdir(), "replica-"));
    mkdirSync(join(folder, "etc/certs"), { recursive: true });
    writeFileSync(join(folder, "etc/certs/127.0.0.1.crt"), tls.cert);
    // Outside the image, gitlab-runner looks for certificates elsewhere.
    const env = { RUNNER_CI_URL: gate.url, SSL_CERT_FILE: tls.file };
    const replica = await fixture.replica({ folder, env });
    const id = await startJob(fixture.gitlab, { script: SCRIPT });
    gate.redirect(stranger.url);
    replica.stop();
    await replica.waitForState("draining");
    await sleep(3_500);
    expect((await fixture.gitlab.job({ id })).status).toBe("running");
    expect(replica.log()).toContain("certificate signed by unknown authority");
    gate.redirect(fixture.gitlab.url);

    await losesNothing(fixture, replica, id);
  });

  it.concurrent("loses nothing while each of GitLab's responses takes 2 s", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const id = await startJob(fixture.gitlab, { script: SCRIPT });
    await fixture.gitlab.addFault({ action: { kind: "delay", ms: 2_000 } });
    replica.stop();

    await losesNothing(fixture, replica, id);
  });
});

/** Expects that the replica exits 0 after its job has succeeded. */
async function losesNothing(
  fixture: ReplicaFixture,
  replica: ReplicaProcess,
  id: number,
): Promise<void> {
  const { gitlab } = fixture;
  expect((await replica.exit()).code).toBe(EXIT.ok);
  expect(await gitlab.job({ id })).toMatchObject({ status: "success" });
  const ticks = (await gitlab.trace({ id })).match(/^tick \d$/gm);
  expect(ticks).toEqual(["tick 1", "tick 2", "tick 3"]);
  expect(await fixture.systemIds()).toEqual([]);
}
