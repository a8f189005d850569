/** Pools of GitLab runners on Docker Swarm, as components for any Pulumi program. */
export { RunnerImage } from "./image/runner-image";
export type { RunnerImageArgs, RunnerImageRegistryArgs } from "./image/runner-image-args";
export { RunnerPool, type RunnerPoolArgs } from "./pool/runner-pool";
export type {
  CacheArgs as RunnerPoolCacheArgs,
  CacheAzureArgs as RunnerPoolCacheAzureArgs,
  CacheGcsArgs as RunnerPoolCacheGcsArgs,
} from "./settings/args/cache-args";
export type { CacheS3Args as RunnerPoolCacheS3Args } from "./settings/args/cache-s3-args";
export type { DockerArgs as RunnerPoolDockerArgs } from "./settings/args/docker-args";
export type { NetworkArgs as RunnerPoolNetworkArgs } from "./settings/pool-args";
