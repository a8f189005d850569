import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { REPLICA_ENV, SETTINGS_ENV, spreadSettings } from "../../contract/replica-env";
import { EngineApi } from "../docker/engine-api";
import type { PoolSettings } from "../settings/pool-settings";
import { waitUntilOnline } from "./wait-until-online";

/**
 * The number of a pool's replicas, once all of them are online. It is no resource and makes no difference in the state;
 * a preview does not wait. If they do not come online, the update fails with their reasons and what was made stays.
 */
export function replicasOnline(
  service: docker.Service,
  { replicas, onlineTimeout }: PoolSettings,
): pulumi.Output<number> {
  if (pulumi.runtime.isDryRun() || onlineTimeout === 0 || replicas === 0) {
    return pulumi.output(replicas);
  }
  return pulumi
    .all([service.id, service.name, service.taskSpec.containerSpec.env])
    .apply(async ([id, name, env]) => {
      const generation = spreadSettings({ [SETTINGS_ENV]: env?.[SETTINGS_ENV] })[
        REPLICA_ENV.generation
      ];
      const goal = { generation: generation ?? "", replicas };
      try {
        await waitUntilOnline(new EngineApi(process.env), { id, name }, goal, onlineTimeout);
      } catch (error) {
        throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
      }
      return replicas;
    });
}
