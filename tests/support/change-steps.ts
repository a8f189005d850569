import type { RunStep } from "./run-changes";

/**
 * Every change in the table of docs/reviewing-diffs.md, in as few updates as possible that still
 * show the effect of each kind of change.
 */
export const CHANGE_STEPS: readonly RunStep[] = [
  // Its test job runs in the job image of the platform.
  { changes: ["boot-verify", "gcs"], withJob: true },
  {
    changes: ["docker.host-socket"],
    settings: ({ engineSocket }) => ({
      "docker.host": engineSocket,
      bootVerify: undefined,
      cache: undefined,
    }),
    withJob: true,
  },
  {
    changes: ["docker.host-tcp", "azure", "certificates"],
    settings: ({ engineWithTls, gitlabWithTls }) => ({ ...engineWithTls, ...gitlabWithTls }),
    withJob: true,
  },
  {
    changes: [
      ...["jobImage", "runnerName", "concurrent", "docker.pullPolicy", "drainTimeout"],
      ...["gitlabUrl", "onlineTimeout", "tags-supplied-token"],
      ...["update", "logDriver", "serviceLabels"],
    ],
    // Shorter than a command's timeout, so that a failure shows its reason.
    settings: () => ({
      onlineTimeout: "100s",
      cache: undefined,
      ...{ caCertificate: undefined, clientCertificate: undefined, clientKey: undefined },
    }),
  },
  {
    changes: ["examples"],
    // The examples allow only some images and policies, and limit the disk of the node's engine.
    settings: () => ({
      ...{ "docker.host": undefined, "docker.hostCa": undefined },
      ...{ "docker.hostCert": undefined, "docker.hostKey": undefined },
      jobImage: "gitlab-runner-pool/job:1",
      "docker.pullPolicy": "if-not-present",
      ...{ update: undefined, logDriver: undefined, serviceLabels: undefined },
    }),
  },
  {
    changes: [
      ...["jobRegistries", "capAdd", "readOnlyRoot"],
      ...["placement.constraints", "placement.spread", "placement.maxPerNode"],
      ...["placement.platforms", "resources.limits.memory-resources.limits.cpus"],
      "resources.reservations.memory-resources.reservations.cpus",
    ],
  },
  {
    changes: ["resources.reservations.generic"],
    // No node of the platform has such a resource, so no replica could start.
    settings: () => ({ placement: undefined, resources: undefined, replicas: 0 }),
  },
  {
    changes: ["executor", "replicas-up"],
    settings: () => ({
      ...{ resources: undefined, onlineTimeout: undefined },
      // They are for the docker executor.
      ...{ capAdd: undefined, jobRegistries: undefined, readOnlyRoot: undefined },
    }),
  },
  { changes: ["replicas-down", "registry.login", "mounts", "dns"] },
  {
    changes: ["network.subnet"],
    settings: ({ subnet }) => ({ network: { subnet } }),
    withJob: true,
  },
  {
    changes: [
      ...["network.encrypted", "network.internal", "network.mtu"],
      ...["networks", "extraHosts"],
    ],
    // The other network has a way to GitLab.
    settings: () => ({ network: { encrypted: true, internal: true, mtu: 1400 } }),
  },
  { changes: [], renames: true, withJob: true },
  // A setting must be removed before it can change from an object to a string.
  {
    changes: [],
    settings: () => ({
      ...{ network: undefined, networks: undefined, extraHosts: undefined, mounts: undefined },
      ...{ dns: undefined, dnsSearch: undefined, dnsOptions: undefined },
    }),
  },
  { changes: ["network"] },
  {
    changes: ["token", "image-file", "baseImage", "nodeImage"],
    settings: ({ baseImage, nodeImage }) => ({ network: undefined, baseImage, nodeImage }),
  },
  {
    changes: ["tags-registration-token", "runUntagged-registration-token"],
    settings: ({ registrationToken }) => ({ token: registrationToken }),
  },
  {
    changes: [],
    settings: () => ({ token: undefined, runnerScope: "instance", runUntagged: undefined }),
  },
  { changes: ["runnerScope"] },
  {
    // The first ones do not change the service, so only `mode` replaces it.
    changes: [
      ...["tags", "runUntagged", "locked", "protected", "maximumTimeout"].map(
        (name) => `${name}-runnerScope`,
      ),
      "mode",
    ],
  },
  { changes: ["pool-added"], settings: () => ({ mode: undefined, replicas: 1 }) },
  { changes: ["pool-removed"] },
];
