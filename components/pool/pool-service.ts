import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { DRAIN_HEADROOM_SECONDS } from "../../contract/swarm";
import type { PoolSettings } from "../settings/pool-settings";
import { createLoginLabel } from "./login-label";
import { buildOwnerLabels } from "./owner";
import type { PoolNetwork } from "./pool-network";

/** Seconds that deleting a service may take beyond the longest drain of its replicas. */
const DELETE_HEADROOM_SECONDS = 180;

/** Declares the service of a pool. */
export function createService(
  parent: pulumi.Resource,
  name: string,
  args: docker.ServiceArgs,
  network: PoolNetwork,
  owner: pulumi.Output<string> | undefined,
  { drainTimeout, serviceLabels = {} }: PoolSettings,
): docker.Service {
  const deleteSeconds = drainTimeout + DRAIN_HEADROOM_SECONDS + DELETE_HEADROOM_SECONDS;
  return new docker.Service(
    `${name}-service`,
    {
      ...args,
      ...buildOwnerLabels(owner, [
        ...createLoginLabel(parent, name),
        ...Object.entries(serviceLabels).map(([label, value]) => ({ label, value })),
      ]),
    },
    {
      parent,
      // Docker does not delete a network that a service uses. So when the network is replaced, the
      // service is drained and deleted before it, and created again after it.
      replaceWith: network.created === undefined ? [] : [network.created.network],
      deleteBeforeReplace: true,
      // When the provider creates a service, it sets the platforms of the image.
      ignoreChanges: ["taskSpec.placement.platforms"],
      // Docker cannot change the mode of a service, but the provider would try.
      replaceOnChanges: ["mode.global"],
      // The provider waits for the drains. Its default limit is 20 minutes.
      customTimeouts: { delete: `${deleteSeconds}s` },
    },
  );
}
