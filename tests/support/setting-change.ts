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
  /** It sets many settings at once. Another table has a row for each of them. */
  readonly batch?: readonly SettingKey[];
}

export const SERVICE = "default-service";
export const RUNNER = "default-runner";
export const CONTAINER = "taskSpec.containerSpec";

/** Properties of the service and its secret that change with the token. */
export const NEW_TOKEN = {
  "default-token-id": ["keepers"],
  "default-token": ["data", "name"],
  [SERVICE]: [`${CONTAINER}.secrets[0].secretId`, `${CONTAINER}.secrets[0].secretName`],
};

export const NOTHING = { replaced: [], created: [], deleted: [] } as const;
export const ROLLED = { ...NOTHING, authentication: "supplied token", impact: "rolled" } as const;
export const SCALED = { ...NOTHING, authentication: "supplied token", impact: "scaled" } as const;

/** A change of one variable of the replicas. */
export function changeReplicas(
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
export function changeRunner(
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
export function changeNothing(name: SettingKey, value: unknown, suffix = ""): SettingChange {
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
export function changeNetwork(name: string, value: unknown, property: string): SettingChange {
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

/** A change of where replicas run, or of what they may use there. */
export function changeNodes(
  settings: Readonly<Partial<Record<SettingKey, unknown>>>,
  property: string,
): SettingChange {
  const names = Object.keys(settings);
  return {
    ...ROLLED,
    title: names.map((name) => `\`${name}\``).join(" and "),
    name: names.join("-"),
    settings: () => settings,
    properties: { [SERVICE]: [`taskSpec.${property}`] },
  };
}

/** A change of what the image is built from. */
export function changeImage(
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

function dashed(text: string): string {
  return text.replaceAll(" ", "-");
}
