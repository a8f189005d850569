import type { Cpus } from "../../../contract/settings/types/cpus";
import type { Size } from "../../../contract/settings/types/size";

/** What jobs and services may use of a node. */
export interface DockerLimitArgs {
  /**
   * Memory limit of a job's container, 6 MiB to 64 TiB, as a string with a unit or a number of
   * bytes. By default, the job may use all of the node's memory.
   * @example "2g"
   */
  readonly memory?: Size | number | undefined;
  /**
   * Limit of memory and swap together, 6 MiB to 64 TiB. Requires `memory` and must not be lower.
   * Set `64t` for no limit: -1 is rejected, because gitlab-runner ends with a fatal error. By
   * default, Docker allows twice `memory`.
   * @example "3g"
   */
  readonly memorySwap?: Size | number | undefined;
  /**
   * Soft memory limit, 6 MiB to 64 TiB, which applies when the node runs out of memory. Must not
   * exceed `memory`.
   * @example "1g"
   */
  readonly memoryReservation?: Size | number | undefined;
  /**
   * Number of CPUs that a job may use, 0.01 to 1024, as a number or a string. The node must have
   * as many. By default, all CPUs of the node.
   * @example 1.5
   */
  readonly cpus?: Cpus | undefined;
  /**
   * Weight of a job when the CPUs of the node are busy, 2 to 262144. By default, Docker's 1024.
   * @example 512
   */
  readonly cpuShares?: number | undefined;
  /**
   * CPUs of the node that a job may use, by number. By default, all.
   * @example "0-3,8"
   */
  readonly cpusetCpus?: string | undefined;
  /**
   * Memory nodes (NUMA) that a job may use, by number. By default, all.
   * @example "0-1"
   */
  readonly cpusetMems?: string | undefined;
  /**
   * Adjusts how likely the kernel is to kill a job when the node runs out of memory, -1000 (never)
   * to 1000 (first). By default, 0.
   * @example 500
   */
  readonly oomScoreAdjust?: number | undefined;
  /**
   * Size of /dev/shm in the containers of jobs and services, 64 KiB to 64 GiB, as a string with a
   * unit or a number of bytes. By default, Docker's 64 MiB.
   * @example "256m"
   */
  readonly shmSize?: Size | number | undefined;
  /**
   * Limits of the processes in a job's container, by the kernel's names. Each is `SOFT` or
   * `SOFT:HARD`, where -1 is unlimited. Rejected: unknown names, and a soft limit above the hard
   * one.
   * @example { nofile: "1024:4096" }
   */
  readonly ulimit?: Readonly<Record<string, string>> | undefined;
  /**
   * Kernel parameters of a job's container. Docker can set net.*, fs.mqueue.*, kernel.msg*,
   * kernel.sem and kernel.shm* for one container. Others are rejected, and net.* also with
   * `networkMode: host`.
   * @example { "kernel.shm_rmid_forced": "1" }
   */
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
  /**
   * Mounts of tmpfs in a job's container: mount options by absolute path. The options may be
   * empty. Rejected: options that Docker does not know, paths at which `volumes` mounts a volume,
   * and the folder of working trees (`buildsDir`) with everything below it.
   * @example { "/run": "rw,noexec,size=64m" }
   */
  readonly tmpfs?: Readonly<Record<string, string>> | undefined;
  /**
   * Mounts of tmpfs in the containers of services, in the same form as `tmpfs`. Rejected: options
   * that Docker does not know, paths at which `volumes` mounts a volume, and the folder of working
   * trees (`buildsDir`).
   * @example { "/var/lib/postgresql": "rw,size=1g" }
   */
  readonly servicesTmpfs?: Readonly<Record<string, string>> | undefined;
  /**
   * Memory limit of a service's container, 6 MiB to 64 TiB, as a string with a unit or a number of
   * bytes. By default, no limit.
   * @example "1g"
   */
  readonly serviceMemory?: Size | number | undefined;
  /**
   * Limit of a service's memory and swap together, 6 MiB to 64 TiB. Requires `serviceMemory` and
   * must not be lower. Set `64t` for no limit: -1 is rejected, as for `memorySwap`. By default,
   * Docker allows twice `serviceMemory`.
   * @example "2g"
   */
  readonly serviceMemorySwap?: Size | number | undefined;
  /**
   * Soft memory limit of a service, 6 MiB to 64 TiB. Must not exceed `serviceMemory`.
   * @example "512m"
   */
  readonly serviceMemoryReservation?: Size | number | undefined;
  /**
   * Number of CPUs that a service may use, 0.01 to 1024, as a number or a string. By default, all
   * CPUs of the node.
   * @example 0.5
   */
  readonly serviceCpus?: Cpus | undefined;
  /**
   * Weight of a service when the CPUs of the node are busy, 2 to 262144. By default, Docker's
   * 1024.
   * @example 256
   */
  readonly serviceCpuShares?: number | undefined;
  /**
   * CPUs of the node that a service may use, by number. By default, all.
   * @example "0-1"
   */
  readonly serviceCpusetCpus?: string | undefined;
}
