import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import execa from "execa";
import { isOfGitlab } from "../../dev/job-objects";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { eventually } from "../support/eventually";
import { endJobs } from "../support/jobs";
import { createPool, type PoolFixture } from "../support/pool-fixture";

const MIB = 1024 ** 2;

/** An image of a service: the job image, with a port that gitlab-runner waits for. */
const SERVICE_IMAGE = "gitlab-runner-pool/web:1";

/** Settings of the docker executor, each of which a job or its containers show. */
const DOCKER = {
  pullPolicy: ["if-not-present", "never"],
  allowedPullPolicies: ["if-not-present", "never"],
  allowedImages: "gitlab-runner-pool/{job,web}:*",
  allowedServices: ["gitlab-runner-pool/web:*"],
  memory: "192m",
  memorySwap: "256m",
  memoryReservation: "128m",
  cpus: 1.5,
  cpuShares: 512,
  cpusetCpus: "0-1",
  oomScoreAdjust: 300,
  shmSize: "32m",
  ulimit: { nofile: "1024:2048" },
  // A dot would be part of the path in stack config.
  sysctls: '{"kernel.shm_rmid_forced": "1"}',
  tmpfs: { "/scratch": "rw,noexec,size=8m" },
  servicesTmpfs: { "/www": "rw,size=4m" },
  serviceMemory: "64m",
  serviceCpus: "0.5",
  capAdd: ["net_admin"],
  capDrop: "MKNOD",
  securityOpt: ["no-new-privileges"],
  servicesSecurityOpt: ["no-new-privileges"],
  user: "1000:1000",
  allowedUsers: ["1000:1000"],
  groupAdd: ["999"],
  usernsMode: "host",
  devices: ["/dev/null:/dev/own-null:rw"],
  deviceCgroupRules: ["c 10:200 rwm"],
  dns: ["192.0.2.53"],
  dnsSearch: ["ci.example.com"],
  extraHosts: ["db.example.com:192.0.2.7"],
  runtime: "runc",
  containerLabels: { team: "build $CI_JOB_ID" },
  logOptions: { labels: "team" },
  waitForServicesTimeout: "20s",
  servicesLimit: 2,
  services: [
    {
      name: SERVICE_IMAGE,
      alias: "web",
      command: ["echo $GREETING > /www/index.html && exec httpd -f -p 8080 -h /www"],
      entrypoint: ["sh", "-c"],
      environment: { GREETING: "hello from the service" },
    },
  ],
};

/** Prints what the settings change, one line each, and waits for the test. */
const SCRIPT = [
  "echo memory=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null)",
  "echo nofile=$(ulimit -Sn):$(ulimit -Hn)",
  "echo shm_rmid_forced=$(cat /proc/sys/kernel/shm_rmid_forced)",
  "echo mounts=$(grep -E ' /(scratch|dev/shm) ' /proc/mounts)",
  "echo bounding=$(grep CapBnd /proc/self/status | cut -f 2)",
  "echo no_new_privileges=$(grep NoNewPrivs /proc/self/status | cut -f 2)",
  "echo user=$(id -u):$(id -g) groups=$(id -G)",
  "echo hosts=$(grep db.example.com /etc/hosts)",
  "echo resolver=$(cat /etc/resolv.conf)",
  "echo device=$(ls -l /dev/own-null | cut -c 1)",
  "echo service=$(wget -q -O - http://web:8080/)",
  "echo ready",
  "until [ -e /tmp/end ]; do sleep 1; done",
];

describe("a job of a pool with settings of the docker executor", () => {
  it("sees its limits, rights, network and services", async () => {
    const platform = await readFacts();
    const local = { helperImage: platform.images.helper };
    await using pool = await createPool({
      platform,
      settings: { replicas: 1, docker: { ...local, ...DOCKER } },
    });
    const { gitlab, docker, stack, gitlabUrl } = pool;
    await using image = await buildServiceImage(docker, platform);
    await stack.mustUp();
    await stack.expectNoChanges();

    const { id } = await gitlab.enqueueJob({ script: SCRIPT, image: platform.images.job });
    const seen = await readLines(pool, id);
    const containers = await inspectContainers(docker, gitlabUrl);
    await endJobs(docker, stack.serviceName, gitlabUrl);
    const done = await gitlab.waitForJob({ id, timeoutMs: 60_000 });

    expect(image.name).toBe(SERVICE_IMAGE);
    expect(done.status).toBe("success");
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
    expect(hasCapability(seen["bounding"], NET_ADMIN)).toBe(true);
    expect(hasCapability(seen["bounding"], MKNOD)).toBe(false);
    expect(seen["user"]).toBe("1000:1000 groups=1000 999");
    expect(seen["hosts"]).toMatch(/^192\.0\.2\.7\s+db\.example\.com$/);
    expect(seen["resolver"]).toContain("search ci.example.com");
    expect(seen["resolver"]).toContain("nameserver 192.0.2.53");

    const trace = await gitlab.trace({ id });
    expect(trace).toContain("Waiting for services to be up and running (timeout 20 seconds)");
    expect(trace).toContain("effective pull policy of [if-not-present never]");

    const [job, service] = ["build", "service"].map((type) => containers.get(type));
    expect(job?.Config).toMatchObject({ User: "1000:1000", Labels: { team: `build ${id}` } });
    expect(job?.HostConfig).toMatchObject({
      Memory: 192 * MIB,
      MemorySwap: 256 * MIB,
      MemoryReservation: 128 * MIB,
      NanoCpus: 1.5e9,
      CpuShares: 512,
      CpusetCpus: "0-1",
      OomScoreAdj: 300,
      ShmSize: 32 * MIB,
      CapAdd: [expect.stringMatching(/NET_ADMIN$/)],
      CapDrop: [expect.stringMatching(/MKNOD$/)],
      GroupAdd: ["999"],
      UsernsMode: "host",
      DeviceCgroupRules: ["c 10:200 rwm"],
      Runtime: "runc",
      LogConfig: { Type: "json-file", Config: { labels: "team" } },
      Privileged: false,
    });
    expect(service?.Config.Labels).toMatchObject({ team: `build ${id}` });
    expect(service?.HostConfig).toMatchObject({
      Memory: 64 * MIB,
      NanoCpus: 0.5e9,
      ShmSize: 32 * MIB,
      Tmpfs: { "/www": "rw,size=4m" },
      SecurityOpt: ["no-new-privileges"],
      ExtraHosts: ["db.example.com:192.0.2.7"],
      Dns: ["192.0.2.53"],
      UsernsMode: "host",
    });

    expect(await traceOfFailure(pool, { image: "busybox:1" })).toContain(
      'The "busybox:1" image is not present on list of allowed images',
    );
    const services = ["redis:7"];
    expect(await traceOfFailure(pool, { image: platform.images.job, services })).toContain(
      'The "redis:7" image is not present on list of allowed services',
    );
  });
});

/** Bits of the kernel's capabilities. */
const NET_ADMIN = 12;
const MKNOD = 27;

/** @param hexadecimal a set of capabilities, as in /proc/self/status */
function hasCapability(hexadecimal: string | undefined, bit: number): boolean {
  return ((BigInt(`0x${hexadecimal ?? "0"}`) >> BigInt(bit)) & 1n) === 1n;
}

interface ServiceImage extends AsyncDisposable {
  readonly name: string;
}

async function buildServiceImage(docker: Docker, platform: PlatformFacts): Promise<ServiceImage> {
  await execa("docker", ["build", "--force-rm", "--tag", SERVICE_IMAGE, "-"], {
    input: `FROM ${platform.images.job}\nEXPOSE 8080\n`,
    env: { DOCKER_HOST: platform.dockerHost },
  });
  return {
    name: SERVICE_IMAGE,
    [Symbol.asyncDispose]: async () => {
      await docker.getImage(SERVICE_IMAGE).remove({ force: true });
    },
  };
}

/** Waits until a job has printed everything. Returns its lines of the form `NAME=VALUE`. */
async function readLines(
  { gitlab }: PoolFixture,
  id: number,
): Promise<Readonly<Record<string, string>>> {
  const trace = await eventually(
    async () => {
      const text = await gitlab.trace({ id });
      const { status, failureReason } = await gitlab.job({ id });
      if (status === "failed") throw new Error(`the job failed (${failureReason ?? ""}):\n${text}`);
      return /^ready\r?$/m.test(text) && text;
    },
    { what: "the job to print its settings", timeoutMs: 120_000 },
  );
  return Object.fromEntries(
    [...trace.matchAll(/^(\w+)=(.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** Inspects the containers of the jobs of a GitLab, by gitlab-runner's name for their type. */
async function inspectContainers(
  docker: Docker,
  gitlabUrl: string,
): Promise<ReadonlyMap<string, Docker.ContainerInspectInfo>> {
  const containers = (await docker.listContainers()).filter(({ Labels }) =>
    isOfGitlab(Labels, gitlabUrl),
  );
  const inspected = await Promise.all(
    containers.map(({ Id }) => docker.getContainer(Id).inspect()),
  );
  return new Map(
    inspected.map((one) => [one.Config.Labels["com.gitlab.gitlab-runner.type"] ?? "", one]),
  );
}

/** Runs a job that must fail. Returns its log. */
async function traceOfFailure(
  { gitlab }: PoolFixture,
  job: { readonly image: string; readonly services?: string[] },
): Promise<string> {
  const { id } = await gitlab.enqueueJob({ script: ["true"], ...job });
  expect((await gitlab.waitForJob({ id, timeoutMs: 60_000 })).status).toBe("failed");
  return gitlab.trace({ id });
}
