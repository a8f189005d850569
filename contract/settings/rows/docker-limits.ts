import type { Setting } from "../setting";
import { cpus, numberRanges } from "../types/cpus";
import { integer } from "../types/plain";
import { size } from "../types/size";
import { sizeInBytes } from "../types/size-in-bytes";
import { swap } from "../types/swap";
import { sysctls } from "../types/sysctls";
import { tmpfs } from "../types/tmpfs";
import { ulimit } from "../types/ulimit";

const KIB = 1024;
const GIB = 1024 ** 3;

/** Docker's own minimum. */
const MIN_MEMORY = 6 * 1024 ** 2;
const MAX_MEMORY = 64 * 1024 ** 4;

/** The docker executor: limits. */
export const DOCKER_LIMITS_ROWS = {
  "docker.memory": {
    topic: "Docker executor: limits",
    type: size(MIN_MEMORY, MAX_MEMORY),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.memory",
    description: "Memory limit of a job's container, at least `6m`.",
  },
  "docker.memorySwap": {
    topic: "Docker executor: limits",
    type: swap(MIN_MEMORY, MAX_MEMORY),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.memory_swap",
    description:
      "Limit of memory and swap together. Requires `docker.memory` and must not be lower. Default: twice `docker.memory`.",
  },
  "docker.memoryReservation": {
    topic: "Docker executor: limits",
    type: size(MIN_MEMORY, MAX_MEMORY),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.memory_reservation",
    description:
      "Soft memory limit, which applies when the node runs out of memory. At most `docker.memory`.",
  },
  "docker.cpus": {
    topic: "Docker executor: limits",
    type: cpus,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cpus",
    description: "Number of CPUs that a job may use, such as `1.5`.",
  },
  "docker.cpuShares": {
    topic: "Docker executor: limits",
    type: integer(2, 262_144),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cpu_shares",
    description: "Weight of a job when the CPUs are busy (2–262144). Default: 1024.",
  },
  "docker.cpusetCpus": {
    topic: "Docker executor: limits",
    type: numberRanges("CPU"),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cpuset_cpus",
    description: "CPUs that a job may use, such as `0-3,8`.",
  },
  "docker.cpusetMems": {
    topic: "Docker executor: limits",
    type: numberRanges("memory node"),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cpuset_mems",
    description: "Memory nodes (NUMA) that a job may use, such as `0`.",
  },
  "docker.oomScoreAdjust": {
    topic: "Docker executor: limits",
    type: integer(-1000, 1000),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.oom_score_adjust",
    description:
      "Adjusts how likely the kernel is to kill the job when the node runs out of memory (-1000–1000).",
  },
  "docker.shmSize": {
    topic: "Docker executor: limits",
    type: sizeInBytes(64 * KIB, 64 * GIB),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.shm_size",
    description: "Size of `/dev/shm` in the containers of jobs and services. Default: `64m`.",
  },
  "docker.ulimit": {
    topic: "Docker executor: limits",
    type: ulimit,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.ulimit",
    description:
      'Limits of processes by name, each `SOFT` or `SOFT:HARD`, such as `{"nofile": "1024:4096"}`.',
  },
  "docker.sysctls": {
    topic: "Docker executor: limits",
    type: sysctls,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.sysctls",
    description:
      "Kernel parameters of a job's container: `net.*`, `fs.mqueue.*`, `kernel.msg*`, `kernel.sem` and `kernel.shm*`.",
  },
  "docker.tmpfs": {
    topic: "Docker executor: limits",
    type: tmpfs,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.tmpfs",
    description:
      'tmpfs mounts of a job\'s container: mount options by path, such as `{"/run": "rw,noexec,size=64m"}`.',
  },
  "docker.servicesTmpfs": {
    topic: "Docker executor: limits",
    type: tmpfs,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.services_tmpfs",
    description: "tmpfs mounts of the containers of services.",
  },
  "docker.serviceMemory": {
    topic: "Docker executor: limits",
    type: size(MIN_MEMORY, MAX_MEMORY),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_memory",
    description: "Memory limit of a service's container, at least `6m`.",
  },
  "docker.serviceMemorySwap": {
    topic: "Docker executor: limits",
    type: swap(MIN_MEMORY, MAX_MEMORY),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_memory_swap",
    description:
      "Limit of a service's memory and swap together. Requires `docker.serviceMemory` and must not be lower.",
  },
  "docker.serviceMemoryReservation": {
    topic: "Docker executor: limits",
    type: size(MIN_MEMORY, MAX_MEMORY),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_memory_reservation",
    description: "Soft memory limit of a service. At most `docker.serviceMemory`.",
  },
  "docker.serviceCpus": {
    topic: "Docker executor: limits",
    type: cpus,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_cpus",
    description: "Number of CPUs that a service may use.",
  },
  "docker.serviceCpuShares": {
    topic: "Docker executor: limits",
    type: integer(2, 262_144),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_cpu_shares",
    description: "Weight of a service when the CPUs are busy (2–262144).",
  },
  "docker.serviceCpusetCpus": {
    topic: "Docker executor: limits",
    type: numberRanges("CPU"),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_cpuset_cpus",
    description: "CPUs that a service may use, such as `0-3,8`.",
  },
} as const satisfies Record<string, Setting>;
