import { HELD_CAPABILITIES_RUNTIME } from "../../dev/engine/engine";
import type { EnqueueJob } from "../../fake-gitlab";
import { WAIT } from "./job-containers";

/** An image of services: the job image, with a port that gitlab-runner waits for. */
export const SERVICE_IMAGE = "gitlab-runner-pool/web:1";

/** The same image under a name that may be privileged. */
export const PRIVILEGED_IMAGE = "gitlab-runner-pool/web:privileged";

/** Folder of a service's web server. */
const WWW = "/www";

/** Serves what a command prints, on the service's port. */
const serve = (command: string): string =>
  `mkdir -p ${WWW} && ${command} > ${WWW}/index.html && exec httpd -f -p 8080 -h ${WWW}`;

/** Tags of jobs for the additional pools. */
export const [OF_LIMITS, OF_NETWORK] = [["limits"], ["network"]];

/** Limits, rights and more of jobs and their services. */
export const LIMITS = {
  allowedPullPolicies: ["if-not-present", "never"],
  allowedImages: "gitlab-runner-pool/{job,web}:*",
  allowedServices: ["gitlab-runner-pool/web:*"],
  memory: "192m",
  memorySwap: "256m",
  memoryReservation: "128m",
  cpus: 1.5,
  cpuShares: 512,
  cpusetCpus: "0-1",
  cpusetMems: "0",
  oomScoreAdjust: 300,
  shmSize: "32m",
  ulimit: { nofile: "1024:2048" },
  // A dot would be part of the path in stack config.
  sysctls: '{"kernel.shm_rmid_forced": "1"}',
  tmpfs: { "/scratch": "rw,noexec,size=8m" },
  servicesTmpfs: { [WWW]: "rw,size=4m" },
  serviceMemory: "64m",
  serviceMemorySwap: "96m",
  serviceMemoryReservation: "48m",
  serviceCpus: "0.5",
  serviceCpuShares: 256,
  serviceCpusetCpus: "0",
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
  runtime: "io.containerd.runc.v2",
  disableCache: true,
  containerLabels: { team: "build $CI_JOB_ID" },
  logOptions: { labels: "team" },
  waitForServicesTimeout: "20s",
  servicesLimit: 2,
  services: [
    {
      name: SERVICE_IMAGE,
      alias: "web",
      command: [serve("echo $GREETING")],
      entrypoint: ["sh", "-c"],
      environment: { GREETING: "hello from the service" },
    },
  ],
};

/**
 * Networks for each job, privileges for certain images, and caches in a folder of the node.
 * @param cacheDir a folder of this machine
 * @param runtimes the engine's runtimes
 */
export function describeNetworkPool(cacheDir: string, runtimes: object): object {
  return {
    pullPolicy: ["if-not-present", "never"],
    networkMtu: 1400,
    cacheDir,
    volumes: ["/cache", "/kept"],
    privileged: true,
    allowedPrivilegedImages: ["gitlab-runner-pool/*:privileged"],
    allowedPrivilegedServices: ["gitlab-runner-pool/{web,other}:privileged"],
    allowedUsers: ["1000:1000", "nobody"],
    disableEntrypointOverwrite: true,
    // The platform's engine runs privileged containers on any machine only with this runtime.
    ...(HELD_CAPABILITIES_RUNTIME in runtimes ? { runtime: HELD_CAPABILITIES_RUNTIME } : {}),
  };
}

/** Prints what the settings of limits and rights change, one line each, and waits for the test. */
const SCRIPT_OF_LIMITS = [
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
  ...WAIT,
];

const CAPABILITIES = "grep CapEff /proc/self/status | cut -f 2";

/** The jobs of the pools, named after what they show. */
type JobName =
  | "limits"
  | "network"
  | "privileged"
  | "ipv6"
  | "otherImage"
  | "otherService"
  | "otherPullPolicy"
  | "otherUser"
  | "moreServices";

export type JobIds = Readonly<Record<JobName, number>>;

/**
 * Jobs of the pools. They run at the same time, because gitlab-runner retries the preparation of
 * some that fail for ten seconds.
 * @param image the job image
 */
export function describeJobs(image: string): Readonly<Record<JobName, EnqueueJob>> {
  const failing = { tags: OF_LIMITS, image, script: ["true"] };
  return {
    limits: {
      tags: OF_LIMITS,
      image: { name: image, pullPolicy: ["never"] },
      script: SCRIPT_OF_LIMITS,
    },
    network: {
      tags: OF_NETWORK,
      image: { name: image, entrypoint: ["/none"], docker: { user: "1000:1000" } },
      services: [{ name: SERVICE_IMAGE, command: ["httpd", "-f", "-p", "8080"] }],
      script: ["echo mtu=$(cat /sys/class/net/eth0/mtu)", "echo user=$(id -u):$(id -g)", ...WAIT],
    },
    otherImage: { ...failing, image: "busybox:1" },
    otherService: { ...failing, services: ["redis:7"] },
    otherPullPolicy: { ...failing, image: { name: image, pullPolicy: ["always"] } },
    moreServices: { ...failing, services: [SERVICE_IMAGE, PRIVILEGED_IMAGE] },
    otherUser: { ...failing, tags: OF_NETWORK, image: { name: image, docker: { user: "0" } } },
    privileged: {
      tags: OF_NETWORK,
      image: PRIVILEGED_IMAGE,
      services: [
        { name: PRIVILEGED_IMAGE, alias: "web", command: ["sh", "-c", serve(CAPABILITIES)] },
      ],
      script: [`echo job=$(${CAPABILITIES})`, "echo service=$(wget -q -O - http://web:8080/)"],
    },
    ipv6: { image, script: ["echo address=$(grep ' 00 .. *eth0' /proc/net/if_inet6)"] },
  };
}
