import type { SettingKey } from "../../contract/settings/keys";

/** The topics of the settings page, in its order, and what holds for all settings of a topic. */
const INTRODUCTIONS = {
  "Replicas and updates": undefined,
  GitLab: "[Ways to authenticate](#ways-to-authenticate) explains which of these you need.",
  "The runner in GitLab":
    "These settings apply to a runner that the pool creates (`runnerScope`) or that a replica registers with a registration token. If `token` is an authentication token, its runner already exists: change these values on its page in GitLab. `runnerName` and `tags` then have no effect, and the other settings are rejected.",
  Jobs: undefined,
  "Docker executor": "These settings require `executor: docker`, which is the default.",
  Network: "[Network of the replicas](#network-of-the-replicas) explains both forms.",
  "Image and registry":
    "These settings apply to the whole stack. [Registry and engine](#registry-and-engine) explains how they are used.",
} as const;

type Topic = keyof typeof INTRODUCTIONS;

/** The topic of each setting. The settings page lists the settings of a topic in this order. */
const TOPICS: Readonly<Record<SettingKey, Topic>> = {
  replicas: "Replicas and updates",
  concurrent: "Replicas and updates",
  drainTimeout: "Replicas and updates",
  onlineTimeout: "Replicas and updates",
  gitlabUrl: "GitLab",
  token: "GitLab",
  tokenKind: "GitLab",
  runnerScope: "GitLab",
  runnerName: "The runner in GitLab",
  tags: "The runner in GitLab",
  runUntagged: "The runner in GitLab",
  locked: "The runner in GitLab",
  protected: "The runner in GitLab",
  maximumTimeout: "The runner in GitLab",
  executor: "Jobs",
  jobImage: "Jobs",
  "docker.privileged": "Docker executor",
  "docker.volumes": "Docker executor",
  "docker.pullPolicy": "Docker executor",
  "docker.allowedImages": "Docker executor",
  "docker.helperImage": "Docker executor",
  "docker.networkMode": "Docker executor",
  network: "Network",
  "registry.address": "Image and registry",
  "registry.username": "Image and registry",
  "registry.password": "Image and registry",
  baseImage: "Image and registry",
  nodeImage: "Image and registry",
};

/** The settings of one topic. */
export interface SettingGroup {
  readonly topic: string;
  /** Markdown that holds for all settings of the topic. */
  readonly introduction?: string | undefined;
  readonly keys: readonly SettingKey[];
}

/** Groups all settings by topic. */
export function groupSettings(): readonly SettingGroup[] {
  const keys = Object.keys(TOPICS) as readonly SettingKey[];
  return Object.entries(INTRODUCTIONS).map(([topic, introduction]) => ({
    topic,
    introduction,
    keys: keys.filter((key) => TOPICS[key] === topic),
  }));
}
