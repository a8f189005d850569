import type { SettingKey } from "../../contract/settings/keys";
import { TLS_SETTINGS } from "./client-certificates";
import { readCertificate } from "./gitlab-certificates";
import { ATTACHMENT_CHANGES } from "./attachment-changes";
import { CONTAINER_CHANGES } from "./container-changes";
import { NODE_CHANGES } from "./node-changes";
import { batchExamples, describeExamples, type ExampleBatch } from "./example-changes";
import { SERVICE_CHANGES } from "./service-changes";
import {
  CONTAINER,
  NEW_TOKEN,
  NOTHING,
  ROLLED,
  RUNNER,
  SCALED,
  SERVICE,
  changeImage,
  changeNetwork,
  changeNothing,
  changeReplicas,
  changeRunner,
  type SettingChange,
} from "./setting-change";

const POOL = ["second", "second-network", "second-service", "second-token", "second-token-id"];

/** The changes that have their own row in the table and their own recorded preview. */
export const SINGLE_CHANGES: readonly SettingChange[] = [
  {
    ...SCALED,
    title: "`replicas`, up",
    name: "replicas-up",
    settings: () => ({ replicas: 4 }),
    properties: { [SERVICE]: ["mode.replicated.replicas"] },
  },
  {
    ...SCALED,
    title: "`replicas`, down",
    name: "replicas-down",
    settings: () => ({ replicas: 1 }),
    properties: { [SERVICE]: ["mode.replicated.replicas"] },
  },
  {
    ...ROLLED,
    title: "`mode`",
    name: "mode",
    settings: () => ({ mode: "global", replicas: undefined }),
    properties: { [SERVICE]: ["mode.global", "settings.RUNNER_NODE_NAME"] },
    replaced: [SERVICE],
    impact: "replaced",
  },
  changeReplicas("jobImage", "alpine:3.22", "RUNNER_IMAGE"),
  changeReplicas("runnerName", "ci-", "RUNNER_NAME"),
  changeReplicas("concurrent", 2, "RUNNER_CONCURRENT"),
  {
    ...ROLLED,
    title: "`executor`",
    name: "executor",
    settings: () => ({ executor: "shell", docker: undefined }),
    properties: {
      [SERVICE]: [
        "settings.RUNNER_DOCKER_HELPER_IMAGE",
        "settings.RUNNER_DOCKER_PRIVILEGED",
        "settings.RUNNER_DOCKER_PULL_POLICY",
        "settings.RUNNER_DOCKER_VOLUMES",
        "settings.RUNNER_EXECUTOR",
        `${CONTAINER}.capAdds`,
        `${CONTAINER}.mounts`,
        `${CONTAINER}.readOnly`,
      ],
    },
  },
  changeReplicas("docker.pullPolicy", "never", "RUNNER_DOCKER_PULL_POLICY"),
  {
    ...ROLLED,
    title: "`docker.host`, another socket",
    name: "docker.host-socket",
    settings: () => ({ "docker.host": "unix:///run/podman/podman.sock" }),
    properties: {
      [SERVICE]: ["settings.RUNNER_DOCKER_HOST", `${CONTAINER}.capAdds`, `${CONTAINER}.mounts`],
    },
  },
  {
    ...ROLLED,
    title: "`docker.host`, an engine on TCP",
    name: "docker.host-tcp",
    settings: () => ({ "docker.host": "tcp://docker.example.com:2376", ...TLS_SETTINGS }),
    properties: {
      [SERVICE]: [
        "settings.RUNNER_DOCKER_HOST",
        "settings.RUNNER_DOCKER_HOST_CA",
        "settings.RUNNER_DOCKER_HOST_CERT",
        "settings.RUNNER_DOCKER_HOST_KEY_FILE",
        `${CONTAINER}.mounts`,
        `${CONTAINER}.secrets`,
      ],
    },
    created: ["default-docker-host-key", "default-docker-host-key-id"],
  },
  {
    ...ROLLED,
    title: "`caCertificate`, `clientCertificate` and `clientKey`",
    name: "certificates",
    settings: () => ({
      gitlabUrl: "https://git.example.com",
      caCertificate: readCertificate("ca.pem"),
      clientCertificate: readCertificate("client.pem"),
      clientKey: readCertificate("client.key"),
    }),
    properties: {
      [SERVICE]: ["settings.RUNNER_CI_URL", `${CONTAINER}.configs`, `${CONTAINER}.secrets`],
    },
    created: [
      "default-ca-certificate",
      "default-ca-certificate-id",
      "default-client-certificate",
      "default-client-certificate-id",
      "default-client-key",
      "default-client-key-id",
    ],
  },
  ...NODE_CHANGES,
  {
    ...ROLLED,
    title: "`drainTimeout`",
    name: "drainTimeout",
    settings: () => ({ drainTimeout: "30m" }),
    properties: { [SERVICE]: ["settings.RUNNER_DRAIN_TIMEOUT", `${CONTAINER}.stopGracePeriod`] },
  },
  {
    ...ROLLED,
    title: "`gitlabUrl`",
    name: "gitlabUrl",
    settings: ({ gitlabUrl }) => ({ gitlabUrl }),
    properties: { [SERVICE]: ["settings.RUNNER_CI_URL"] },
  },
  {
    ...ROLLED,
    title: "`network`",
    name: "network",
    settings: ({ network }) => ({ network }),
    properties: { [SERVICE]: ["taskSpec.networksAdvanceds"] },
    replaced: [SERVICE],
    deleted: ["default-network"],
    impact: "replaced",
  },
  ...ATTACHMENT_CHANGES,
  changeNetwork("subnet", "10.213.77.0/24", "ipamConfigs"),
  changeNetwork("encrypted", true, "options"),
  ...CONTAINER_CHANGES,
  {
    ...ROLLED,
    title: "`token`",
    name: "token",
    settings: ({ token }) => ({ token }),
    properties: NEW_TOKEN,
    replaced: ["default-token", "default-token-id"],
  },
  changeImage(
    { title: "a file of `runner-image/`", name: "image-file", file: "runner-image/entrypoint.sh" },
    'triggers["entrypoint.sh"]',
  ),
  changeImage(
    {
      title: "`baseImage`",
      name: "baseImage",
      settings: () => ({ baseImage: "gitlab/gitlab-runner:v19.5.0" }),
    },
    "build.buildArgs.BASE_IMAGE",
  ),
  changeImage(
    {
      title: "`nodeImage`",
      name: "nodeImage",
      settings: () => ({ nodeImage: "node:24.22.0-bookworm-slim" }),
    },
    "build.buildArgs.NODE_IMAGE",
  ),
  {
    ...NOTHING,
    authentication: "supplied token",
    title: "`registry.username` and `registry.password`",
    name: "registry.login",
    settings: () => ({ "registry.username": "ci", "registry.password": "password-of-ci" }),
    properties: { docker: ["registryAuth"], [SERVICE]: ["labels[1]"] },
    created: ["default-registry-login-id"],
    impact: "untouched",
  },
  ...SERVICE_CHANGES,
  changeNothing("onlineTimeout", "5m"),
  changeNothing("tags", "docker,gpu", "supplied token"),
  changeReplicas("tags", "docker,gpu", "RUNNER_TAGS", "registration token"),
  changeReplicas("runUntagged", false, "RUNNER_RUN_UNTAGGED", "registration token"),
  {
    ...ROLLED,
    authentication: "runnerScope",
    title: "`runnerScope`",
    name: "runnerScope",
    settings: () => ({ runnerScope: "group:1" }),
    properties: { [RUNNER]: ["groupId", "runnerType"], ...NEW_TOKEN },
    replaced: [RUNNER, "default-token", "default-token-id"],
  },
  changeRunner("tags", "docker,gpu", "tagLists"),
  changeRunner("runUntagged", false, "untagged"),
  changeRunner("locked", true, "locked"),
  changeRunner("protected", true, "accessLevel"),
  changeRunner("maximumTimeout", "2h", "maximumTimeout"),
  {
    ...NOTHING,
    authentication: "supplied token",
    title: "add a pool to `pools`",
    name: "pool-added",
    settings: () => ({ pools: { second: { replicas: 1 } } }),
    properties: {},
    created: POOL,
    impact: "created",
    stays: true,
  },
  {
    ...NOTHING,
    authentication: "supplied token",
    title: "remove a pool from `pools`",
    name: "pool-removed",
    settings: () => ({ pools: undefined }),
    properties: {},
    deleted: POOL,
    impact: "deleted",
  },
];

const NEEDS_FLAG =
  "requires the feature flag FF_NETWORK_PER_BUILD, which the other examples exclude";

/** Settings of the replicas whose examples exclude the settings of the other examples. */
export const EXCLUDED_EXAMPLES = {
  "docker.helperImageFlavor": "excludes `docker.helperImage`, which the local platform needs",
  "docker.networkMtu": NEEDS_FLAG,
  "docker.enableIpv6": NEEDS_FLAG,
} as const satisfies Readonly<Partial<Record<SettingKey, string>>>;

/** Settings without a change in this table, and the reason. */
export const WITHOUT_CHANGE: Readonly<Partial<Record<SettingKey, string>>> = {
  ...EXCLUDED_EXAMPLES,
  tokenKind: "says what `token` is, and changes only together with it",
  "registry.address": "previewing it takes another registry",
};

/** Settings with their own change. */
const CHANGED_ALONE: readonly string[] = SINGLE_CHANGES.flatMap(({ settings }) =>
  Object.keys(settings?.({ network: "", gitlabUrl: "", token: "" }) ?? {}),
);

/** The other settings, which only the replicas read, are previewed and deployed together. */
export const EXAMPLE_BATCHES = batchExamples(
  (key) => CHANGED_ALONE.includes(key) || key in WITHOUT_CHANGE,
);

/** A change of many settings, each of which is one variable or one secret of the replicas. */
function changeExamples({ name, ...batch }: ExampleBatch): SettingChange {
  const { settings, variables, created } = describeExamples(batch);
  return {
    ...ROLLED,
    title: name,
    name,
    settings: () => settings,
    properties: {
      [SERVICE]: [
        ...variables.map((variable) => `settings.${variable}`),
        ...(created.length === 0 ? [] : [`${CONTAINER}.secrets`]),
      ].sort(),
    },
    created,
    batch: batch.keys,
  };
}

/** Every change that a user can make. */
export const SETTING_CHANGES: readonly SettingChange[] = [
  // First, because some single changes stay deployed.
  ...EXAMPLE_BATCHES.map(changeExamples),
  ...SINGLE_CHANGES,
];

/** Lists the impact of a change on each changed pool; empty if the stack stays the same. */
export function expectedImpacts(change: SettingChange): readonly string[] {
  const { properties, created, deleted, impact } = change;
  return [...Object.keys(properties), ...created, ...deleted].length === 0 ? [] : [impact];
}
