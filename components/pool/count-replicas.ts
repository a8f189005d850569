import * as pulumi from "@pulumi/pulumi";
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
export function countReplicas(
  { mode, replicas }: PoolSettings,
  engine: ObjectReader,
): pulumi.Output<number> {
  if (mode !== "global") return replicas;
  const count = countGlobalNodes(engine);
  return pulumi.runtime.isDryRun()
    ? pulumi.output(count.catch(() => pulumi.output(pulumi.unknown as never)))
    : pulumi.output(asInput(count));
}

/** Counts the nodes on which a global service has a replica. */
export async function countGlobalNodes(engine: ObjectReader): Promise<number> {
  try {
    return listGlobalNodes(await readNodes(engine)).length;
  } catch (error) {
    throw userError(`cannot read the nodes of the swarm: ${getMessage(error)}`);
  }
}
