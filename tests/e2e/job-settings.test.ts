import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import { isOfGitlab, removeJobObjects } from "../../dev/job-objects";
import { eventually } from "../support/eventually";
import {
  createImages,
  endJob,
  enqueueAll,
  hasCapability,
  inspectContainers,
  readLines,
  readWaitingJob,
  removeFolder,
  type TestImages,
  waitForEnd,
} from "../support/job-containers";
import {
  describeJobs,
  describeNetworkPool,
  type JobIds,
  LIMITS,
  OF_LIMITS,
  OF_NETWORK,
  PRIVILEGED_IMAGE,
  SERVICE_IMAGE,
} from "../support/job-pools";
import { createPool, type PoolFixture } from "../support/pool-fixture";

const MIB = 1024 ** 2;

/** gitlab-runner's own helper image, without its tag. */
const HELPER = "registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper";

let pool: PoolFixture;
let images: TestImages;
let cacheDir = "";
let ids: JobIds;

/** All pools are in one stack. The additional ones inherit the settings of the default pool. */
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "job-caches-"));
  pool = await createPool({
    settings: {
      replicas: 1,
      // If a test fails, its job waits forever.
      drainTimeout: "10s",
      concurrent: 4,
      featureFlags: { FF_NETWORK_PER_BUILD: true },
      docker: { pullPolicy: "if-not-present", helperImageFlavor: "ubuntu", enableIpv6: true },
    },
  });
  const { docker, platform, gitlab, stack } = pool;
  images = createImages(docker, platform);
  const engine = (await docker.info()) as {
    readonly Architecture: string;
    readonly Runtimes: object;
  };
  await images.build(
    nameHelper(engine.Architecture, platform.images.helper),
    `FROM ${platform.images.helper}\nLABEL flavor=ubuntu\n`,
  );
  await images.build(SERVICE_IMAGE, `FROM ${platform.images.job}\nEXPOSE 8080\n`);
  await images.tag(SERVICE_IMAGE, PRIVILEGED_IMAGE);
  const limits = await gitlab.createRunner({ tags: OF_LIMITS, runUntagged: false });
  const network = await gitlab.createRunner({ tags: OF_NETWORK, runUntagged: false });
  await stack.configure({
    pools: {
      limits: {
        token: limits.token,
        featureFlags: { FF_NETWORK_PER_BUILD: false },
        docker: { ...LIMITS, enableIpv6: false },
      },
      network: {
        token: network.token,
        docker: { ...describeNetworkPool(cacheDir, engine.Runtimes), enableIpv6: false },
      },
    },
  });
  await stack.mustUp();
  ids = await enqueueAll(gitlab, describeJobs(platform.images.job));
  await stack.expectNoChanges();
}, 300_000);

afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  await removeJobObjects(pool.docker, pool.gitlabUrl);
  await removeFolder(pool.platform, cacheDir);
  await images[Symbol.asyncDispose]();
}, 180_000);

describe("a job of a pool with settings of the docker executor", () => {
  it("sees its limits, rights, hosts and services", async () => {
    const { gitlab, docker, gitlabUrl } = pool;
    const { limits: id } = ids;
    const seen = await readWaitingJob(gitlab, id);
    const containers = await inspectContainers(docker, gitlabUrl, id);
    const volumes = await listVolumes(docker, id);
    await endJob(docker, containers);
    const { status, trace } = await waitForEnd(gitlab, id);

    expect(status).toBe("success");
    expect(seen).toMatchObject({
      memory: String(192 * MIB),
      nofile: "1024:2048",
      shm_rmid_forced: "1",
      no_new_privileges: "1",
      device: "c",
      service: "hello from the service",
    });
    expect(seen["mounts"]).toMatch(/\/scratch tmpfs rw[^ ]*noexec[^ ]*size=8192k/);
    expect(seen["mounts"]).toMatch(/\/dev\/shm tmpfs [^ ]*size=32768k/);
    expect(hasCapability(seen["bounding"], "NET_ADMIN")).toBe(true);
    expect(hasCapability(seen["bounding"], "MKNOD")).toBe(false);
    expect(seen["user"]).toBe("1000:1000 groups=1000 999");
    expect(seen["hosts"]).toMatch(/^192\.0\.2\.7\s+db\.example\.com$/);
    expect(seen["resolver"]).toContain("search ci.example.com");
    expect(seen["resolver"]).toContain("nameserver 192.0.2.53");

    expect(trace).toContain("Waiting for services to be up and running (timeout 20 seconds)");
    expect(trace).toContain("effective pull policy of [never]");

    const [build, service] = ["build", "service"].map((type) => containers.get(type));
    expect(build?.Config).toMatchObject({ User: "1000:1000", Labels: { team: `build ${id}` } });
    expect(build?.HostConfig).toMatchObject({
      Memory: 192 * MIB,
      MemorySwap: 256 * MIB,
      MemoryReservation: 128 * MIB,
      NanoCpus: 1.5e9,
      CpuShares: 512,
      CpusetCpus: "0-1",
      CpusetMems: "0",
      OomScoreAdj: 300,
      ShmSize: 32 * MIB,
      CapAdd: [expect.stringMatching(/NET_ADMIN$/)],
      CapDrop: [expect.stringMatching(/MKNOD$/)],
      GroupAdd: ["999"],
      UsernsMode: "host",
      DeviceCgroupRules: ["c 10:200 rwm"],
      Runtime: "io.containerd.runc.v2",
      LogConfig: { Type: "json-file", Config: { labels: "team" } },
      Privileged: false,
    });
    expect(service?.Config.Labels).toMatchObject({ team: `build ${id}` });
    expect(service?.HostConfig).toMatchObject({
      Memory: 64 * MIB,
      MemorySwap: 96 * MIB,
      MemoryReservation: 48 * MIB,
      NanoCpus: 0.5e9,
      CpuShares: 256,
      CpusetCpus: "0",
      ShmSize: 32 * MIB,
      Tmpfs: { "/www": "rw,size=4m" },
      SecurityOpt: ["no-new-privileges"],
      ExtraHosts: ["db.example.com:192.0.2.7"],
      Dns: ["192.0.2.53"],
      UsernsMode: "host",
    });
    // With `docker.disableCache`, no volume outlives the job.
    expect(volumes).not.toEqual([]);
    await eventually(async () => (await listVolumes(docker, id)).length === 0, {
      what: "gitlab-runner to remove the job's volumes",
      timeoutMs: 30_000,
    });
  });

  it.each([
    ["its image", "otherImage", 'The "busybox:1" image is not present on list of allowed images'],
    ["a service", "otherService", 'The "redis:7" image is not present on list of allowed services'],
    ["its pull policy", "otherPullPolicy", "pull_policy ([always])"],
    ["so many services", "moreServices", "too many services requested: 3, only 2 allowed"],
    ["its user", "otherUser", 'user "0" is not an allowed user: [1000:1000 nobody]'],
  ] as const)("fails if the pool does not allow %s", async (_what, name, reason) => {
    const { status, trace } = await waitForEnd(pool.gitlab, ids[name]);
    expect(trace).toContain(reason);
    expect(status).toBe("failed");
  });

  it("gets a network with its MTU, the helper image of the flavor and caches on the node", async () => {
    const { gitlab, docker, gitlabUrl } = pool;
    const { network: id } = ids;
    const seen = await readWaitingJob(gitlab, id);
    const containers = await inspectContainers(docker, gitlabUrl, id);
    await endJob(docker, containers);
    const { status, trace } = await waitForEnd(gitlab, id);

    expect(status).toBe("success");
    expect(seen).toMatchObject({ mtu: "1400", user: "1000:1000" });
    expect(containers.get("predefined")?.Config.Labels).toMatchObject({ flavor: "ubuntu" });
    const [build, service] = ["build", "service"].map((type) => containers.get(type));
    // Their images are not among those that may be privileged.
    expect([build, service].map((one) => one?.HostConfig.Privileged)).toEqual([false, false]);
    const binds = build?.HostConfig.Binds?.map((bind) => bind.replace(/runner-.*:/, "…:"));
    expect(binds).toEqual(expect.arrayContaining([`${cacheDir}/…:/cache`, `${cacheDir}/…:/kept`]));
    expect(await readdir(cacheDir)).not.toEqual([]);
    expect(trace).toContain("effective pull policy of [if-not-present never]");
    // The entry point that the job sets does not exist.
    expect(trace).toContain("Entrypoint override disabled");
  });

  it("is privileged, like its service, if their images may be", async () => {
    const { trace } = await waitForEnd(pool.gitlab, ids.privileged);
    const capabilities = readLines(trace);
    expect(hasCapability(capabilities["job"], "SYS_ADMIN")).toBe(true);
    expect(hasCapability(capabilities["service"], "SYS_ADMIN")).toBe(true);
  });

  it("gets an IPv6 address, or fails if the engine has none for it", async () => {
    const { trace } = await waitForEnd(pool.gitlab, ids.ipv6);
    // Docker before 27 has IPv6 addresses only if its administrator configures them.
    expect(trace).toMatch(/^address=[0-9a-f]{32} |non-overlapping IPv6 address pool/m);
  });
});

/**
 * The name of gitlab-runner's own helper image of the flavor `ubuntu`.
 * @param local the platform's helper image, which has the same version
 */
function nameHelper(architecture: string, local: string): string {
  const version = local.replace(/^.*:/, "");
  const own = architecture === "aarch64" ? "arm64" : architecture;
  return `${HELPER}:ubuntu-${own}-${version}`;
}

/** Names of the volumes of a job. */
async function listVolumes(docker: Docker, id: number): Promise<readonly string[]> {
  const { Volumes } = await docker.listVolumes({
    filters: { label: [`com.gitlab.gitlab-runner.job.id=${id}`] },
  });
  return Volumes.filter(({ Labels }) => isOfGitlab(Labels, pool.gitlabUrl)).map(({ Name }) => Name);
}
