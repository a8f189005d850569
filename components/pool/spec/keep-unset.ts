import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { NodeSpec } from "../../../docker-engine/node-spec";

/** What the settings of a pool say about the nodes of its replicas. */
export interface NodeParts {
  readonly placement?: docker.types.input.ServiceTaskSpecPlacement;
  readonly resources?: docker.types.input.ServiceTaskSpecResources;
}

/** The parts of the service, known once Docker was read. */
interface Parts {
  readonly placement: pulumi.Output<NodeParts["placement"]>;
  readonly resources: pulumi.Output<NodeParts["resources"]>;
}

/**
 * Returns the parts of the service that say where replicas run and what they may use there, so that
 * the deployed service gets exactly these. If a part is missing, the provider keeps what the
 * service has, so a part that was unset must be there and empty. A service without these settings
 * must not get empty parts, or a preview would show them as changes.
 * @param deployed the service before the update; undefined if there is none, or if Docker could not
 * be read
 */
export function keepUnset(
  { placement, resources }: NodeParts,
  deployed: Promise<NodeSpec | undefined>,
): Parts {
  const read = pulumi.output(deployed);
  return {
    placement: read.apply((known) => completePlacement(placement, known)),
    resources: read.apply((known) => resources ?? (known?.hasResources === true ? {} : undefined)),
  };
}

function completePlacement(
  placement: NodeParts["placement"],
  deployed: NodeSpec | undefined,
): NodeParts["placement"] {
  // Explicit also in a new service, so that the next preview shows no change.
  return placement === undefined && deployed?.isPlaced !== true
    ? undefined
    : { maxReplicas: 0, ...placement };
}
