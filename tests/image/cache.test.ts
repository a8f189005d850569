import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { ReplicaProcess } from "../support/replica-process";
import { startAzureServer } from "../support/azure-server";
import { startGcsServer } from "../support/gcs-server";
import { createReplicaFixture, type FixtureReplica } from "../support/replica-fixture";

const CACHE = [{ key: "k1", paths: ["stuff/"] }];
const SAVE = ["mkdir -p stuff", "echo it is warm > stuff/file"];
const RESTORE = ["cat stuff/file"];

/** Runs a job that saves a cache, and one that restores it after the local copies are deleted. */
async function saveAndRestore(options: FixtureReplica): Promise<{
  readonly saved: string;
  readonly restored: string;
  readonly replica: ReplicaProcess;
}> {
  await using fixture = await createReplicaFixture();
  const { gitlab } = fixture;
  const replica = await fixture.replica(options);
  const run = async (script: string[]) => {
    const { id } = await gitlab.enqueueJob({ script, cache: CACHE });
    const { status } = await gitlab.waitForJob({ id, timeoutMs: 60_000 });
    const log = await gitlab.trace({ id });
    if (status !== "success") throw new Error(`job ${id} is ${status}:\n${log}`);
    return log;
  };
  const saved = await run(SAVE);
  // gitlab-runner runs in the folder, so only its content may go.
  const work = join(replica.folder, "work");
  for (const name of await readdir(work)) await rm(join(work, name), { recursive: true });
  return { saved, restored: await run(RESTORE), replica };
}

describe("a cache in object storage", () => {
  it("is saved to and restored from Azure Blob Storage", async () => {
    await using server = await startAzureServer();
    const { saved, restored, replica } = await saveAndRestore({
      // A mount namespace in which the server's name resolves.
      shell: [
        ...["unshare", "--mount", "sh", "-c"],
        'mount --bind "$HOSTS_FILE" /etc/hosts && exec sh "$@"',
        "sh",
      ],
      env: {
        HOSTS_FILE: server.hostsFile,
        SSL_CERT_FILE: server.certificateFile,
        RUNNER_CACHE_TYPE: "azure",
        RUNNER_CACHE_PATH: "ci",
        RUNNER_CACHE_AZURE_ACCOUNT_NAME: server.accountName,
        RUNNER_CACHE_AZURE_ACCOUNT_KEY: server.accountKey,
        RUNNER_CACHE_AZURE_CONTAINER_NAME: server.containerName,
        RUNNER_CACHE_AZURE_STORAGE_DOMAIN: server.storageDomain,
      },
    });

    expect(saved).toContain("Created cache");
    expect(restored).toContain("Successfully extracted cache");
    expect(restored).toContain("azblob://runner-cache/ci/project/1/k1");
    expect(restored).toMatch(/^it is warm$/m);
    expect(`${saved}${restored}${replica.log()}`).not.toContain(server.accountKey);
  });

  it("is saved to and restored from Google Cloud Storage", async () => {
    await using server = await startGcsServer();
    const { saved, restored } = await saveAndRestore({
      env: {
        STORAGE_EMULATOR_HOST: server.url,
        SSL_CERT_FILE: server.certificateFile,
        RUNNER_CACHE_TYPE: "gcs",
        RUNNER_CACHE_GCS_BUCKET_NAME: server.bucket,
        RUNNER_CACHE_GCS_CREDENTIALS: server.credentials,
      },
    });

    expect(saved).toContain("Created cache");
    expect(await server.objects()).toEqual(["project/1/k1"]);
    expect(restored).toContain("Successfully extracted cache");
    expect(restored).toMatch(/^it is warm$/m);
  });
});
