import type { SettingKey } from "../../contract/settings/keys";
import type { ReplicaImpact } from "../../tools/diff/changes";

/** How the pool authenticates to GitLab, which decides where the runner's settings are stored. */
export type Authentication = "supplied token" | "runnerScope" | "registration token";

/** Resources outside the stack that some changes need. */
export interface ExternalResources {
  /** Another attachable overlay network. */
  readonly network: string;
  /** Another address of GitLab. */
  readonly gitlabUrl: string;
  /** Another runner's token. */
  readonly token: string;
}

/** One change that a user can make to the settings of a deployed stack. */
export interface SettingChange {
  /** First column of the documentation's table. */
  readonly title: string;
  /** Name of its recorded preview. */
  readonly name: string;
  readonly authentication: Authentication;
  /** Stack config that differs; undefined removes a key. */
  readonly settings?: (around: ExternalResources) => Readonly<Record<string, unknown>>;
  /** File in the copy of the program to which a line is added. */
  readonly file?: string;
  /** Properties that differ, by resource; a variable of the settings is `settings.VARIABLE`. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
  readonly replaced: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
  readonly impact: ReplicaImpact["kind"];
  /** The change is deployed, and the following changes start from there. */
  readonly stays?: true;
}

const SERVICE = "default-service";
const RUNNER = "default-runner";
const CONTAINER = "taskSpec.containerSpec";

/** Properties of the service and its secret that change with the token. */
const NEW_TOKEN = {
  "default-token-id": ["keepers"],
  "default-token": ["data", "name"],
  [SERVICE]: [`${CONTAINER}.secrets[0].secretId`, `${CONTAINER}.secrets[0].secretName`],
};

const NOTHING = { replaced: [], created: [], deleted: [] } as const;
const ROLLED = { ...NOTHING, authentication: "supplied token", impact: "rolled" } as const;
const SCALED = { ...NOTHING, authentication: "supplied token", impact: "scaled" } as const;

/** A change of one variable of the replicas. */
function changeReplicas(
  name: SettingKey,
  value: unknown,
  variable: string,
  authentication: Authentication = "supplied token",
): SettingChange {
  return {
    ...ROLLED,
    authentication,
    title: `\`${name}\`${authentication === "supplied token" ? "" : `, ${authentication}`}`,
    name: authentication === "supplied token" ? name : `${name}-${dashed(authentication)}`,
    settings: () => ({ [name]: value }),
    properties: { [SERVICE]: [`settings.${variable}`] },
  };
}

/** A change of a setting that GitLab stores for the runner that the pool created. */
function changeRunner(
  name: SettingKey,
  value: unknown,
  ...properties: readonly string[]
): SettingChange {
  return {
    ...NOTHING,
    authentication: "runnerScope",
    title: `\`${name}\`, runnerScope`,
    name: `${name}-runnerScope`,
    settings: () => ({ [name]: value }),
    properties: { [RUNNER]: properties },
    impact: "untouched",
  };
}

/** A change that leaves the stack as it is. */
function changeNothing(name: SettingKey, value: unknown, suffix = ""): SettingChange {
  return {
    ...NOTHING,
    authentication: "supplied token",
    title: `\`${name}\`${suffix === "" ? "" : `, ${suffix}`}`,
    name: suffix === "" ? name : `${name}-${dashed(suffix)}`,
    settings: () => ({ [name]: value }),
    properties: {},
    impact: "untouched",
  };
}

/** A change of the network that the pool created. */
function changeNetwork(name: string, value: unknown, property: string): SettingChange {
  return {
    ...ROLLED,
    title: `\`network.${name}\``,
    name: `network.${name}`,
    settings: () => ({ network: { [name]: value } }),
    properties: {
      "default-network": [property],
      [SERVICE]: ["taskSpec.networksAdvanceds[0].id"],
    },
    replaced: ["default-network", SERVICE],
    impact: "replaced",
  };
}

/** A change of what the image is built from. */
function changeImage(
  change: Pick<SettingChange, "title" | "name" | "settings" | "file">,
  ...reasons: readonly string[]
): SettingChange {
  return {
    ...ROLLED,
    ...change,
    properties: {
      "runner-image-build": ["name", ...reasons].sort(),
      "runner-image-push": ["name"],
      [SERVICE]: [`${CONTAINER}.image`],
    },
    replaced: ["runner-image-build", "runner-image-push"],
  };
}

const POOL = ["second", "second-network", "second-service", "second-token", "second-token-id"];

/** Every change that a user can make. */
export const SETTING_CHANGES: readonly SettingChange[] = [
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
        `${CONTAINER}.mounts`,
      ],
    },
  },
  changeReplicas("docker.pullPolicy", "never", "RUNNER_DOCKER_PULL_POLICY"),
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
  changeNetwork("subnet", "10.213.77.0/24", "ipamConfigs"),
  changeNetwork("encrypted", true, "options"),
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

const AS_PULL_POLICY = "one variable of the replicas, as `docker.pullPolicy` is";
const NEEDS_REGISTRY = "previewing it takes another registry";

/** Settings without a change in this table, and the reason. */
export const WITHOUT_CHANGE: Readonly<Partial<Record<SettingKey, string>>> = {
  tokenKind: "says what `token` is, and changes only together with it",
  "docker.privileged": AS_PULL_POLICY,
  "docker.volumes": AS_PULL_POLICY,
  "docker.allowedImages": AS_PULL_POLICY,
  "docker.helperImage": AS_PULL_POLICY,
  "docker.networkMode": AS_PULL_POLICY,
  "registry.address": NEEDS_REGISTRY,
  "registry.username": NEEDS_REGISTRY,
  "registry.password": NEEDS_REGISTRY,
};

/** Lists the impact of a change on each changed pool; empty if the stack stays the same. */
export function expectedImpacts(change: SettingChange): readonly string[] {
  const { properties, created, deleted, impact } = change;
  return [...Object.keys(properties), ...created, ...deleted].length === 0 ? [] : [impact];
}

function dashed(text: string): string {
  return text.replaceAll(" ", "-");
}
