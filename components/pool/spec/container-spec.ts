import type * as docker from "@pulumi/docker";
import { ONLINE_FILE, PLACES_FOLDER, RUN_FOLDER } from "../../../contract/replica-paths";
import { DRAIN_HEADROOM_SECONDS, getPlacesVolume } from "../../../contract/swarm";
import { findEngineSocket } from "../../../contract/settings/engine-socket";
import type { Mount } from "../../../contract/settings/types/mounts";
import type { PoolSettings } from "../../settings/pool-settings";
import type { PoolCertificates } from "../certificates";
import { formatGoDuration } from "../go-duration";
import { buildHardening, buildTmpfs, listWritableMounts } from "./hardening";
import type { ServiceParts } from "./service-parts";

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
const RUN_FOLDER_MOUNT = buildTmpfs(RUN_FOLDER, 0o700, 4 * 1024 * 1024);

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

/** Builds the part of the service that describes a replica's container. */
export function buildContainerSpec(
  settings: PoolSettings,
  parts: ServiceParts,
): docker.types.input.ServiceTaskSpecContainerSpec {
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
      ...listWritableMounts(settings),
      ...(settings.mounts ?? []).map(buildMount),
      // Last, so that changing the engine adds or removes one mount in the diff.
      ...listEngineMounts(settings),
    ],
    ...buildHardening(settings),
    // Swarm may send the signal twice, and a second SIGTERM would abort the jobs.
    stopSignal: "SIGQUIT",
    ...buildHosts(settings),
    ...buildDnsConfig(settings),
    stopGracePeriod: formatGoDuration(settings.drainTimeout + DRAIN_HEADROOM_SECONDS),
    healthcheck: buildHealthcheck(),
    isolation: "default",
    sysctl: KEEPALIVE_SYSCTL,
  };
}

/** Builds a mount that the user added. */
function buildMount({ type, source, target, readOnly = false, size }: Mount) {
  return {
    ...{ type, target, readOnly },
    ...(source === undefined ? {} : { source }),
    ...(size === undefined ? {} : { tmpfsOptions: { sizeBytes: size } }),
  };
}

/** Builds the entries of /etc/hosts. An IPv6 address contains colons, a name does not. */
function buildHosts({ extraHosts = [] }: PoolSettings) {
  if (extraHosts.length === 0) return {};
  return {
    hosts: extraHosts.map((entry) => {
      const colon = entry.indexOf(":");
      return { host: entry.slice(0, colon), ip: entry.slice(colon + 1) };
    }),
  };
}

function buildDnsConfig({ dns = [], dnsSearch = [], dnsOptions = [] }: PoolSettings) {
  if ([dns, dnsSearch, dnsOptions].every((list) => list.length === 0)) return {};
  return {
    dnsConfig: {
      nameservers: [...dns],
      ...(dnsSearch.length === 0 ? {} : { searches: [...dnsSearch] }),
      ...(dnsOptions.length === 0 ? {} : { options: [...dnsOptions] }),
    },
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
  const path = findEngineSocket(settings);
  return path === undefined ? [] : [{ type: "bind", source: path, target: path, readOnly: false }];
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
