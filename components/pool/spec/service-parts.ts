import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { NodeSpec } from "../../../docker-engine/node-spec";
import type { PoolCertificates } from "../certificates";
import type { PoolSecret } from "../secrets";

/** What the service of a pool is made from, apart from its settings. */
export interface ServiceParts {
  readonly serviceName: string;
  readonly image: pulumi.Input<string>;
  readonly networkId: pulumi.Input<string>;
  /** IDs of further networks; undefined if there are none. */
  readonly furtherNetworkIds: pulumi.Output<readonly string[]> | undefined;
  readonly secrets: readonly PoolSecret[];
  readonly certificates: PoolCertificates;
  /** What the deployed service says about its nodes; undefined if there is none to read. */
  readonly deployed: Promise<NodeSpec | undefined>;
  /** Takes the generation because a change waits until Swarm can accept it. */
  readonly mode: (generation: pulumi.Output<string>) => docker.types.input.ServiceMode;
}
