import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { EnqueueJob, JobView } from "../../fake-gitlab";
import { eventually } from "../support/eventually";
import { fillRunners } from "../support/jobs";
import { dockerPlaces, findInEngineFiles, findSecret } from "../support/places-of-secrets";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { watchProcesses } from "../support/process-watch";
import { startS3Server, type S3Server } from "../support/s3-server";

const CACHE = [{ key: "k1", paths: ["stuff/"] }];

/** Fills the cache, if it is empty. */
const SAVE: EnqueueJob = {
  name: "save",
  script: ["mkdir -p stuff", "echo it is warm > stuff/file"],
  cache: [{ ...CACHE[0], paths: ["stuff/"], policy: "push" }],
};

/** Prints the file in the cache, and keeps its replica busy for a while. */
const RESTORE: EnqueueJob = {
  name: "restore",
  script: ["cat stuff/file || echo 'it is' cold", "sleep 5"],
  cache: [{ ...CACHE[0], paths: ["stuff/"], policy: "pull" }],
};

const JOB_MS = 90_000;

/** Until Swarm stops the old replicas in an update, on an engine that checks health late. */
const UPDATE_MS = 150_000;

let server: S3Server;
let pool: PoolFixture;
let since = 0;
const places = new Map<string, string>();
let watch: ReturnType<typeof watchProcesses>;

beforeAll(async () => {
  pool = await createPool({ settings: { replicas: 2 } });
  server = await startS3Server(pool.platform.hostAddress);
  await pool.stack.configure({ cache: settingsOf(server) });
  since = Date.now();
  watch = watchProcesses();
  places.set("pulumi preview --diff", await pool.stack.diff());
  places.set("pulumi up", (await pool.stack.mustUp("--diff")).output);
}, 240_000);

afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
}, 180_000);

function settingsOf({ address, bucket, accessKey, secretKey }: S3Server) {
  return {
    type: "s3",
    path: "ci",
    s3: {
      serverAddress: `http://${address}`,
      bucketName: bucket,
      bucketLocation: "us-east-1",
      ...{ accessKey, secretKey },
    },
  };
}

/** Runs a job, which must succeed. */
async function run(job: EnqueueJob): Promise<JobView & { readonly log: string }> {
  const { id } = await pool.gitlab.enqueueJob(job);
  const ended = await pool.gitlab.waitForJob({ id, timeoutMs: JOB_MS });
  const log = await pool.gitlab.trace({ id });
  if (ended.status !== "success") throw new Error(`job ${id} is ${ended.status}:\n${log}`);
  return { ...ended, log };
}

/**
 * Changes settings together with the token. Old replicas may still take jobs for a while.
 * @returns the tag of jobs that only the new replicas take
 */
async function change(tag: string, settings: Readonly<Record<string, unknown>>): Promise<string[]> {
  const { token } = await pool.gitlab.createRunner({ tags: [tag] });
  await pool.stack.configure({ token, ...settings });
  await pool.stack.mustUp();
  return [tag];
}

/** Waits until two replicas run, neither of which has one of these system IDs. */
async function waitForNewReplicas(old: readonly string[]): Promise<void> {
  await eventually(
    async () => {
      const ids = (await pool.gitlab.managers({})).map(({ systemId }) => systemId);
      return ids.length === 2 && ids.every((systemId) => !old.includes(systemId));
    },
    { what: "two new replicas, and the end of the old ones", timeoutMs: UPDATE_MS },
  );
}

/** Runs a job on each of the two replicas at the same time. Returns their logs by system ID. */
async function restoreOnBoth(): Promise<ReadonlyMap<string, string>> {
  const started = await fillRunners(pool.gitlab, 2, RESTORE);
  const logs = new Map<string, string>();
  for (const { id, systemId } of started) {
    const { status } = await pool.gitlab.waitForJob({ id, timeoutMs: JOB_MS });
    expect(status).toBe("success");
    logs.set(systemId ?? "", await pool.gitlab.trace({ id }));
  }
  return logs;
}

describe("a cache in S3", () => {
  let used: readonly string[] = [];

  it("that a job on one replica saved is restored by a job on the other", async () => {
    const saved = await run(SAVE);
    expect(saved.log).toContain("Created cache");
    expect(await server.objects()).toEqual(["ci/project/1/k1"]);

    const logs = await restoreOnBoth();
    used = [...logs.keys()];
    expect(used).toContain(saved.systemId);
    expect(used).toHaveLength(2);
    for (const log of logs.values()) {
      expect(log).toContain("Successfully extracted cache");
      expect(log).toContain("it is warm");
    }
  });

  it("is restored after a rolling update", async () => {
    await pool.stack.configure({ runnerName: "updated-" });
    await pool.stack.mustUp();
    await waitForNewReplicas(used);

    const logs = await restoreOnBoth();
    for (const log of logs.values()) expect(log).toContain("it is warm");
  });

  it("is restored after a rotation of the token", async () => {
    const tags = await change("rotated", {});

    expect((await run({ ...RESTORE, tags })).log).toContain("it is warm");
  });

  it("keeps its keys out of Docker, the state, logs, processes and files", async () => {
    const { docker, gitlab, stack } = pool;
    for (const [place, text] of await dockerPlaces(pool)) places.set(place, text);
    for (const { id } of await gitlab.jobs({})) {
      places.set(`log of job ${id}`, await gitlab.trace({ id }));
    }
    places.set("state", await stack.state());
    places.set("outputs", JSON.stringify(await stack.outputs()));
    expect(await findInEngineFiles(docker, [stack.serviceName], since)).not.toEqual([]);
    for (const [container, lines] of await watch.end()) {
      places.set(`processes of ${container}`, [...lines].join("\n"));
    }

    expect(findSecret(server.secretKey, places)).toEqual([]);
    expect(await findInEngineFiles(docker, [server.secretKey], since)).toEqual([]);
    // A signed URL contains the access key, and the helper container's process gets such URLs.
    const withAccessKey = findSecret(server.accessKey, places);
    expect(withAccessKey.filter((place) => !place.startsWith("processes of"))).toEqual([]);
  });

  it("is not used with `cache.shared: false`, because the token is in its path", async () => {
    const tags = await change("apart", { "cache.shared": false });

    expect((await run({ ...RESTORE, tags })).log).toContain("it is cold");
    await run({ ...SAVE, tags });
    expect(await server.objects()).toEqual([
      expect.stringMatching(/^ci\/project\/1\//),
      expect.stringMatching(/^ci\/runner\/[^/]+\/project\/1\//),
    ]);
  });

  it("fails in the log of a job, which succeeds, if the key is wrong", async () => {
    const tags = await change("wrong", {
      "cache.shared": true,
      "cache.s3.secretKey": "wrong/secret+key/0123456789abcdef",
    });

    const { log: restored } = await run({ ...RESTORE, tags });
    expect(restored).toContain("it is cold");
    expect(restored).toContain("Failed to extract cache");
    expect(restored).toMatch(/403/);
    const { log: saved } = await run({ ...SAVE, tags });
    expect(saved).toContain("Failed to create cache");
    expect(saved).toContain("Job succeeded");
  });
});
