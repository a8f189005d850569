import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { TASK_ENV, SETTINGS_ENV } from "../../../contract/replica-env";
import { isKnown } from "../../known";
import type { PoolSettings } from "../../settings/pool-settings";
import { formatGoDuration } from "../go-duration";
import { buildReplicaVariables } from "../replica-env";
import { buildContainerSpec } from "./container-spec";
import { keepUnset } from "./keep-unset";
import { buildPlacementSpec } from "./placement-spec";
import { buildResourcesSpec } from "./resources-spec";
import type { ServiceParts } from "./service-parts";
import { buildUpdateSpec } from "./update-spec";

/**
 * Delay before Swarm replaces a replica that ended. A replica that GitLab rejects also waits for a
 * minute before it exits.
 */
const RESTART_DELAY_SECONDS = 5;

/**
 * The provider keeps the DNS servers of a service if they are unset. Equal to what it reads from a
 * service without any, so it changes nothing, and it is not part of the generation.
 */
const NO_DNS_CONFIG = { nameservers: [] };

/**
 * Builds the arguments of a pool's service, and its generation. Values that equal the provider's
 * defaults are explicit; otherwise the provider would report them as changes.
 */
export function buildServiceArgs(
  settings: PoolSettings,
  parts: ServiceParts,
): { readonly args: docker.ServiceArgs; readonly generation: pulumi.Output<string> } {
  const variables = buildReplicaVariables(
    settings.replicaValues,
    parts.secrets.map(({ key }) => key),
    settings.mode,
  );
  const taskSpec = buildTaskSpec(settings, parts);
  const generation = computeGeneration({ taskSpec, variables });
  const env = {
    [SETTINGS_ENV]: pulumi
      .all([pulumi.output(variables), generation])
      .apply(([known, value]) => JSON.stringify({ ...known, [TASK_ENV.generation]: value })),
  };
  const args = {
    name: parts.serviceName,
    taskSpec: {
      ...taskSpec,
      ...keepUnset(taskSpec, parts.deployed),
      containerSpec: { dnsConfig: NO_DNS_CONFIG, ...taskSpec.containerSpec, env },
    },
    mode: parts.mode(generation),
    endpointSpec: { mode: "dnsrr" },
    ...buildUpdateSpec(settings),
  };
  return { args, generation };
}

/**
 * Computes a hash of what a replica is made from. The pool is up to date once all replicas have
 * it. How Swarm updates the replicas is not part of it, so a change of that restarts none.
 */
function computeGeneration(spec: object): pulumi.Output<string> {
  const hash = pulumi
    .jsonStringify(spec)
    .apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12));
  return pulumi.runtime.isDryRun() ? placeholderIfUnknown(hash, "new") : hash;
}

/**
 * Returns a placeholder for a value that a preview does not know yet. One variable holds all
 * settings and the generation. If the generation were unknown, because the image or the token is
 * new, the diff could not show which settings change.
 */
function placeholderIfUnknown(
  value: pulumi.Output<string>,
  placeholder: string,
): pulumi.Output<string> {
  return pulumi.output(
    isKnown(value).then((known) => (known ? value : pulumi.output(placeholder))),
  );
}

function buildTaskSpec(settings: PoolSettings, parts: ServiceParts) {
  return {
    containerSpec: buildContainerSpec(settings, parts),
    ...buildPlacementSpec(settings),
    ...buildResourcesSpec(settings),
    networksAdvanceds: buildNetworks(parts),
    restartPolicy: {
      condition: "any",
      delay: formatGoDuration(RESTART_DELAY_SECONDS),
      maxAttempts: 0,
      window: formatGoDuration(0),
    },
    forceUpdate: 0,
    ...buildLogDriver(settings),
    runtime: "container",
  };
}

/** Builds the log driver. An empty one would be a change of existing services. */
function buildLogDriver({ logDriver }: PoolSettings) {
  if (logDriver?.name === undefined) return {};
  const { name, options } = logDriver;
  return { logDriver: { name, ...(options === undefined ? {} : { options: { ...options } }) } };
}

/** By ID: after each refresh, the provider would replace a service with the names. */
function buildNetworks({ networkId, furtherNetworkIds }: ServiceParts) {
  if (furtherNetworkIds === undefined) return [{ id: networkId }];
  return pulumi
    .all([networkId, furtherNetworkIds])
    .apply(([id, others]) => [id, ...others].map((one) => ({ id: one })));
}
