import * as pulumi from "@pulumi/pulumi";
import { listServiceConstraints } from "../../contract/placement/platform";
import { listGlobalNodes } from "../../docker-engine/global-service";
import { readNodes } from "../../docker-engine/nodes";
import type { ObjectReader } from "../../docker-engine/read-objects";
import type { PoolSettings } from "../settings/pool-settings";
import { asInput, getMessage, userError } from "../user-error";

/**
 * Counts the replicas of a pool: as many as requested, or one for each node. The nodes are read
 * now, also in a preview, so that a preview shows another number only if the nodes have changed. A
 * preview that cannot read them shows no number.
 * @throws {pulumi.RunError} if an update cannot read the nodes
 */
export function countReplicas(settings: PoolSettings, engine: ObjectReader): pulumi.Output<number> {
  if (settings.mode !== "global") return settings.replicas;
  const count = countGlobalNodes(settings, engine);
  return pulumi.runtime.isDryRun()
    ? pulumi.output(count.catch(() => pulumi.output(pulumi.unknown as never)))
    : pulumi.output(asInput(count));
}

/** Counts the nodes on which a global pool has a replica. */
export async function countGlobalNodes(
  { placement = {} }: Pick<PoolSettings, "placement">,
  engine: ObjectReader,
): Promise<number> {
  try {
    return listGlobalNodes(await readNodes(engine), {
      constraints: listServiceConstraints(placement),
      platforms: [],
    }).length;
  } catch (error) {
    throw userError(`cannot read the nodes of the swarm: ${getMessage(error)}`);
  }
}
