import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSetting, NewNetwork } from "../../contract/settings/types/network";
import type { CacheArgs } from "./args/cache-args";
import type { ContainerArgs } from "./args/container-args";
import type { DockerArgs } from "./args/docker-args";
import type { GitlabArgs } from "./args/gitlab-args";
import type { HardeningArgs } from "./args/hardening-args";
import type { JobArgs } from "./args/job-args";
import type { JobRunArgs } from "./args/job-run-args";
import type { JobSourcesArgs } from "./args/job-sources-args";
import type { PlacementArgs } from "./args/placement-args";
import type { PollingArgs } from "./args/polling-args";
import type { ProxyArgs } from "./args/proxy-args";
import type { ReplicaArgs } from "./args/replica-args";
import type { ResourcesArgs } from "./args/resources-args";
import type { RunnerArgs } from "./args/runner-args";
import type { ServiceArgs } from "./args/service-args";
import type { TemplateArgs } from "./args/template-args";
import type { UpdateArgs } from "./args/update-args";

/**
 * The arguments of a pool, as a program passes them. docs/settings.md describes the same settings
 * for a stack of this repository.
 *
 * An argument of the type `pulumi.Input` may be an output of another resource. Its value is
 * validated as soon as it is known. The other arguments decide which resources the pool consists
 * of, so they must be plain values, and they are validated at once. All problems are reported
 * together, before any resource is created.
 */
export interface PoolArgs
  extends
    GitlabArgs,
    HardeningArgs,
    ReplicaArgs,
    ContainerArgs,
    RunnerArgs,
    JobArgs,
    JobRunArgs,
    JobSourcesArgs,
    PollingArgs,
    TemplateArgs,
    ServiceArgs {
  /** How Swarm replaces the replicas when their specification changes. */
  readonly update?: UpdateArgs | undefined;
  /** On which nodes the replicas run. */
  readonly placement?: PlacementArgs | undefined;
  /** What a replica's own container may use of its node, and what Swarm reserves for it. */
  readonly resources?: ResourcesArgs | undefined;
  /** Settings of the docker executor. Rejected with the shell executor. */
  readonly docker?: DockerArgs | undefined;
  /** Object storage in which jobs keep their caches. */
  readonly cache?: CacheArgs | undefined;
  /** Proxy for the replicas and their jobs. */
  readonly proxy?: ProxyArgs | undefined;
  /**
   * Network of the replicas: the name of an existing attachable network of the swarm, or the
   * settings of a network to create. An output must be a name. By default, the pool creates a
   * network, and Docker chooses its subnet. A change replaces the network and the service: the
   * replicas drain and stop before new ones start.
   * @example { subnet: "10.20.0.0/20", encrypted: true }
   */
  readonly network?: pulumi.Input<string> | NetworkArgs | NetworkSetting | undefined;
}

/** A network that a pool creates. */
export type NetworkArgs = NewNetwork;
