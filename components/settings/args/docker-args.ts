import type { EngineArgs } from "./engine-args";
import type { DockerImageArgs } from "./docker-images-args";
import type { DockerLimitArgs } from "./docker-limits-args";
import type { DockerRightArgs } from "./docker-rights-args";
import type { DockerNetworkArgs } from "./docker-network-args";
import type { DockerServiceArgs } from "./docker-services-args";

/** Settings of the docker executor. */
export interface DockerArgs
  extends
    DockerImageArgs,
    DockerLimitArgs,
    DockerRightArgs,
    DockerNetworkArgs,
    DockerServiceArgs,
    EngineArgs {}
