import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ONLINE_FILE, PLACES_FOLDER, RUN_FOLDER } from "../../contract/replica-paths";
import { TASK_ENV, SETTINGS_ENV } from "../../contract/replica-env";
import { DRAIN_HEADROOM_SECONDS, getPlacesVolume } from "../../contract/swarm";
import { parseEngineHost } from "../../contract/settings/types/engine-host";
import type { PoolCertificates } from "./certificates";
import type { PoolSettings } from "../settings/pool-settings";
import { isKnown } from "../known";
import { formatGoDuration } from "./go-duration";
import { buildReplicaVariables } from "./replica-env";
import type { PoolSecret } from "./secrets";

/** What the service of a pool is made from, apart from its settings. */
export interface ServiceParts {
  readonly serviceName: string;
  readonly image: pulumi.Input<string>;
  readonly networkId: pulumi.Input<string>;
  readonly secrets: readonly PoolSecret[];
  readonly certificates: PoolCertificates;
  /** Takes the generation because a change waits until Swarm can accept it. */
  readonly replicas: (generation: pulumi.Output<string>) => pulumi.Input<number>;
}

/**
 * The kernel's default. Without any sysctl, the first update of a new service would show an
 * additional change, `+ sysctl`, because the provider cannot distinguish an unset map from an empty
 * one. Never change this value: that would replace every deployed service.
 */
const KEEPALIVE_SYSCTL = { "net.ipv4.tcp_keepalive_time": "7200" };

/**
 * In memory, because the files of a replica contain the token. It must never be on a node's disk,
 * not even after the replica has ended.
 */
const RUN_FOLDER_MOUNT = {
  type: "tmpfs",
  target: RUN_FOLDER,
  readOnly: false,
  tmpfsOptions: { mode: 0o700, sizeBytes: 4 * 1024 * 1024 },
};

const DOCKER_SOCKET = "/var/run/docker.sock";

/**
 * Swarm creates this volume on each node with the first replica there. It holds a few system IDs
 * and no secrets. It has no label, because adding a label to a mount replaces the service,
 * including every service of an older version.
 */
function buildPlacesVolume(serviceName: string) {
  return {
    type: "volume",
    source: getPlacesVolume(serviceName),
    target: PLACES_FOLDER,
    readOnly: false,
    volumeOptions: {
      noCopy: true,
      driverName: "local",
    },
  };
}

/**
 * Delay before Swarm replaces a replica that ended. A replica that GitLab rejects also waits for a
 * minute before it exits.
 */
const RESTART_DELAY_SECONDS = 5;

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
  );
  const spec = buildServiceSpec(settings, parts);
  const generation = computeGeneration({ spec, variables });
  const env = {
    [SETTINGS_ENV]: pulumi
      .all([pulumi.output(variables), generation])
      .apply(([known, value]) => JSON.stringify({ ...known, [TASK_ENV.generation]: value })),
  };
  const args = {
    ...spec,
    taskSpec: { ...spec.taskSpec, containerSpec: { ...spec.taskSpec.containerSpec, env } },
    mode: { replicated: { replicas: parts.replicas(generation) } },
  };
  return { args, generation };
}

/**
 * Computes a hash of the spec. A replacement in a slot keeps the system ID as long as the
 * generation stays the same.
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

function buildServiceSpec(settings: PoolSettings, parts: ServiceParts) {
  return {
    name: parts.serviceName,
    taskSpec: {
      containerSpec: buildContainerSpec(settings, parts),
      networksAdvanceds: [{ id: parts.networkId }],
      restartPolicy: {
        condition: "any",
        delay: formatGoDuration(RESTART_DELAY_SECONDS),
        maxAttempts: 0,
        window: formatGoDuration(0),
      },
      forceUpdate: 0,
      runtime: "container",
    },
    endpointSpec: { mode: "dnsrr" },
    updateConfig: {
      // Replace all replicas at once, starting new ones first: long drains then do not add up.
      parallelism: 0,
      order: "start-first",
      failureAction: "rollback",
      delay: formatGoDuration(0),
      monitor: formatGoDuration(5),
      maxFailureRatio: "0.0",
    },
    rollbackConfig: {
      parallelism: 0,
      order: "start-first",
      failureAction: "pause",
      delay: formatGoDuration(0),
      monitor: formatGoDuration(5),
      maxFailureRatio: "0.0",
    },
  };
}

function buildContainerSpec(settings: PoolSettings, parts: ServiceParts) {
  return {
    image: parts.image,
    // The token's secret comes first.
    secrets: [...parts.secrets, ...parts.certificates.secrets].map(({ id, name, file }) => ({
      secretId: id,
      secretName: name,
      fileName: file,
      fileUid: "0",
      fileGid: "0",
      fileMode: 0o400,
    })),
    ...buildConfigs(parts.certificates),
    mounts: [
      RUN_FOLDER_MOUNT,
      buildPlacesVolume(parts.serviceName),
      // Last, so that changing the executor or the engine adds or removes one mount in the diff.
      ...listEngineMounts(settings),
    ],
    // Swarm may send the signal twice, and a second SIGTERM would abort the jobs.
    stopSignal: "SIGQUIT",
    stopGracePeriod: formatGoDuration(settings.drainTimeout + DRAIN_HEADROOM_SECONDS),
    healthcheck: buildHealthcheck(),
    isolation: "default",
    sysctl: KEEPALIVE_SYSCTL,
  };
}

/** Builds the swarm configs of a replica. An empty list would be a change of existing services. */
function buildConfigs({ configs }: PoolCertificates) {
  if (configs.length === 0) return {};
  return {
    configs: configs.map(({ id, name, file }) => ({
      configId: id,
      configName: name,
      fileName: file,
      fileUid: "0",
      fileGid: "0",
      fileMode: 0o444,
    })),
  };
}

/** Mounts the socket of the engine that runs the jobs. An engine on TCP needs no mount. */
function listEngineMounts(settings: PoolSettings) {
  if (settings.executor !== "docker") return [];
  const { host } = settings.docker;
  const engine = host === undefined ? undefined : parseEngineHost(host);
  if (engine?.kind === "tcp") return [];
  const path = engine?.path ?? DOCKER_SOCKET;
  return [{ type: "bind", source: path, target: path, readOnly: false }];
}

/**
 * A replica is healthy once GitLab has accepted it. Only then does Swarm count it as running and
 * stop the old replica during an update. The start period is practically endless, because a replica
 * that waits for GitLab must not be killed. Each probe costs an idle replica 35 ms of CPU, so the
 * interval is long. (The replica's own check of gitlab-runner costs 6 ms every 30 s.) Engines from
 * version 25 on probe every 5 s until the replica is healthy.
 */
function buildHealthcheck() {
  return {
    tests: ["CMD", "test", "-e", ONLINE_FILE],
    interval: formatGoDuration(45),
    timeout: formatGoDuration(10),
    startPeriod: formatGoDuration(365 * 86_400),
    retries: 3,
  };
}
