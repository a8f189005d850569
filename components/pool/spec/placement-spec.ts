import { listServiceConstraints } from "../../../contract/placement/platform";
import type { PoolSettings } from "../../settings/pool-settings";
import type { NodeParts } from "./keep-unset";

/** Builds the part of the service that tells Swarm on which nodes its replicas may run. */
export function buildPlacementSpec({ placement = {} }: PoolSettings): Pick<NodeParts, "placement"> {
  const { spread = [], maxPerNode } = placement;
  const constraints = [...listServiceConstraints(placement)];
  const spec = {
    ...(constraints.length === 0 ? {} : { constraints }),
    ...(spread.length === 0 ? {} : { prefs: [...spread] }),
    ...(maxPerNode === undefined ? {} : { maxReplicas: maxPerNode }),
  };
  return Object.keys(spec).length === 0 ? {} : { placement: spec };
}
