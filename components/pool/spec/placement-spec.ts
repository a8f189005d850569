import type * as docker from "@pulumi/docker";
import { parsePlatform } from "../../../contract/placement/platform";
import type { PoolSettings } from "../../settings/pool-settings";

/** Builds the part of the service that tells Swarm on which nodes its replicas may run. */
export function buildPlacementSpec({
  placement = {},
}: PoolSettings): Pick<docker.types.input.ServiceTaskSpec, "placement"> {
  const { constraints = [], spread = [], maxPerNode, platforms = [] } = placement;
  const spec = {
    ...(constraints.length === 0 ? {} : { constraints: [...constraints] }),
    ...(spread.length === 0 ? {} : { prefs: [...spread] }),
    ...(maxPerNode === undefined ? {} : { maxReplicas: maxPerNode }),
    ...(platforms.length === 0 ? {} : { platforms: platforms.flatMap(toPlatform) }),
  };
  return Object.keys(spec).length === 0 ? {} : { placement: spec };
}

function toPlatform(text: string): readonly docker.types.input.ServiceTaskSpecPlacementPlatform[] {
  const parsed = parsePlatform(text);
  return "value" in parsed ? [parsed.value] : [];
}
