import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import execa from "execa";
import type { EnqueueJob } from "../../fake-gitlab";
import { makeEngineCertificates } from "../support/engine-certificates";
import { expectIntactLogs, startJob, tickingScript } from "../support/jobs";
import { dockerPlaces, findInEngineFiles, findSecret } from "../support/places-of-secrets";
import { listContainers } from "../support/swarm";
import { probe } from "../support/tls-front";
import { createTlsPools, type SecureGitlab, type TlsPools } from "../support/tls-pools";

let pools: TlsPools;
let since = 0;
let output = "";
beforeAll(async () => {
  pools = await createTlsPools();
  since = Date.now();
  output = await pools.stack.diff();
  output += (await pools.stack.mustUp("--diff")).output;
}, 240_000);
afterAll(async () => {
  await pools[Symbol.asyncDispose]();
}, 180_000);

/** How long a job runs during an update. */
const JOB_SECONDS = 8;

const CACHE = [{ key: "k1", paths: ["kept/"] }];

/** What a job prints about the certificates that gitlab-runner passes to it. */
const SHOW_FILES = [
  'for name in CA CERT KEY; do eval file=\\$CI_SERVER_TLS_${name}_FILE; echo "$name: $(head -c 27 "$file" 2>&1)"; done',
  "cat secret.txt",
];

/** Runs a job, which must succeed. */
async function run(
  { gitlab }: SecureGitlab,
  job: EnqueueJob,
): Promise<{ readonly id: number; readonly log: string }> {
  const { id } = await gitlab.enqueueJob({ image: pools.platform.images.job, ...job });
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 90_000 });
  const log = (await gitlab.trace({ id })).replaceAll("\r", "");
  if (status !== "success") throw new Error(`job ${id} is ${status}:\n${log}`);
  return { id, log };
}

/**
 * Runs a job that clones the repository, uploads a file of it and keeps another one in the cache,
 * and then a job that gets both.
 */
async function runJobs(gitlab: SecureGitlab): Promise<readonly [string, string]> {
  const first = await run(gitlab, {
    git: { sha: pools.sha, depth: 0 },
    cache: CACHE,
    script: [...SHOW_FILES, "mkdir -p kept", "echo warm > kept/file"],
    artifacts: [{ paths: ["secret.txt"] }],
  });
  const script = ["cat secret.txt", "cat kept/file"];
  return [first.log, (await run(gitlab, { needs: [first.id], cache: CACHE, script })).log];
}

/** Runs a command in the replica of a service. */
async function inReplica(service: string, ...command: readonly string[]): Promise<string> {
  const [container] = await listContainers(pools.docker, service);
  return (await execa("docker", ["exec", container?.Id ?? "", ...command])).stdout;
}

/** Names of the swarm configs and secrets of the stack, without the random end. */
async function listObjects(): Promise<readonly string[]> {
  const { docker, stack } = pools;
  const found = [...(await docker.listConfigs()), ...(await docker.listSecrets())];
  return found
    .map(({ Spec }) => Spec?.Name ?? "")
    .filter((name) => name.startsWith(stack.serviceName))
    .map((name) => name.slice(stack.serviceName.length + 1).replace(/-[0-9a-f]{8}$/, ""))
    .sort();
}

/** Counts the job requests to the GitLab that requires a client certificate, by system ID. */
async function countJobRequests(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const event of (await pools.strict.gitlab.events({})).events) {
    if (event.kind !== "request" || event.endpoint !== "POST /jobs/request") continue;
    const id = event.systemId ?? "";
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const readServiceId = async () =>
  ((await pools.docker.getService(pools.stack.serviceName).inspect()) as { readonly ID: string })
    .ID;

describe("a pool of a GitLab with a private CA", () => {
  it("has a GitLab that nobody reaches without the CA and the client certificate", async () => {
    const { strict, open, certificates } = pools;
    const { ca, client, stranger } = certificates;
    const tls = "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED";
    expect(await probe(strict.front.url, { ca })).toBe(tls);
    expect(await probe(strict.front.url, { ca, ...stranger })).toMatch(/^ERR_SSL_|ECONNRESET/);
    expect(await probe(strict.front.url, { ca, ...client })).toBe(200);
    expect(await probe(open.front.url, {})).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    expect(await probe(open.front.url, { ca })).toBe(200);
  });

  it("runs jobs that clone, exchange artifacts and use a cache", async () => {
    const [strict, open] = await Promise.all([runJobs(pools.strict), runJobs(pools.open)]);
    for (const [first, second] of [strict, open]) {
      expect(first).toMatch(/^through TLS$/m);
      expect(second).toMatch(/^through TLS$/m);
      expect(second).toMatch(/^warm$/m);
      expect(first).toMatch(/^CA: -----BEGIN CERTIFICATE-----$/m);
    }
    expect(strict[0]).toMatch(/^CERT: -----BEGIN CERTIFICATE-----$/m);
    expect(strict[0]).toMatch(/^KEY: -----BEGIN PRIVATE KEY-----$/m);
    expect(open[0]).not.toMatch(/^(?:CERT|KEY): -----BEGIN/m);
  });

  it("gets the certificates as files, and the key only from memory", async () => {
    const { stack, certificates, platform } = pools;
    const host = platform.hostAddress;
    const folder = "/etc/gitlab-runner/certs";
    const files = await inReplica(
      stack.serviceName,
      ...["sh", "-c", `cd ${folder}; stat -c "%n %a %u:%g %s" *; stat -f -c "%n %T" *.key`],
    );
    expect(files.split("\n")).toEqual([
      `${host}.auth.crt 444 0:0 ${certificates.client.cert.length}`,
      `${host}.auth.key 400 0:0 ${certificates.client.key.length}`,
      `${host}.crt 444 0:0 ${certificates.ca.length}`,
      `${host}.auth.key tmpfs`,
    ]);
    expect(await inReplica(`${stack.serviceName}-open`, "ls", folder)).toBe(`${host}.crt`);

    const line = certificates.client.key.split("\n")[1] ?? "";
    const found = new Map([...(await dockerPlaces(pools)), ["pulumi", output]]);
    found.set("state", await stack.state());
    found.set("outputs", JSON.stringify(await stack.outputs()));
    expect(findSecret(line, found)).toEqual([]);
    // gitlab-runner itself passes the key to jobs, in files that it deletes after them.
    expect(await findInEngineFiles(pools.docker, [line], since)).toEqual([]);
  });

  it("shows no difference after it was deployed", async () => {
    await pools.stack.expectNoChangesAfterRefresh();
    expect(await listObjects()).toEqual([
      "ca-certificate",
      "client-certificate",
      "client-key",
      "open-ca-certificate",
      "open-token",
      "token",
    ]);
  });

  it("says in one line that it does not trust GitLab, and works again with the old CA", async () => {
    const { stack, certificates, strict } = pools;
    const before = [await readServiceId(), await listObjects()];
    const asked = await countJobRequests();

    await stack.configure({ caCertificate: certificates.otherCa, onlineTimeout: "15s" });
    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toMatch(
      new RegExp(
        `- replica 1: waiting: ${strict.front.url}: this replica does not trust the certificate of GitLab's server \\(.*\\): set \`caCertificate\`, .*; retrying in .* s`,
      ),
    );
    // Only the old replica asks.
    expect([...(await countJobRequests()).keys()]).toEqual([...asked.keys()]);

    await stack.configure({ caCertificate: certificates.ca, onlineTimeout: "60s" });
    await stack.mustUp();
    expect([await readServiceId(), await listObjects()]).toEqual(before);
  });

  it("gets a new CA and a new client certificate by a rolling update, while a job runs", async () => {
    const { stack, certificates, strict, platform } = pools;
    const { ca, server } = certificates;
    const renewed = await makeEngineCertificates(platform.hostAddress);
    const both = ca + renewed.ca;
    const before = [await readServiceId(), await listObjects()];
    const { fingerprint256 } = new X509Certificate(renewed.client.cert);

    strict.front.use({ ...server, ca: both });
    const job = { image: platform.images.job, script: tickingScript(JOB_SECONDS) };
    const id = await startJob(strict.gitlab, job);
    expect(strict.front.clients).not.toContain(fingerprint256);
    await stack.configure({
      caCertificate: both,
      clientCertificate: renewed.client.cert,
      clientKey: renewed.client.key,
    });
    await stack.mustUp();
    await expectIntactLogs(strict.gitlab, [{ id }], JOB_SECONDS, 60_000);

    expect(strict.front.clients).toContain(fingerprint256);
    await stack.expectNoChangesAfterRefresh();
    expect([await readServiceId(), await listObjects()]).toEqual(before);
  });

  it("deregisters when it is destroyed, and leaves nothing in the swarm", async () => {
    await pools.stack.destroy();
    for (const { gitlab } of [pools.strict, pools.open]) {
      expect(await gitlab.managers({})).toEqual([]);
    }
    expect(await listObjects()).toEqual([]);
  });
});
