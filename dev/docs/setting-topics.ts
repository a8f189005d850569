import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import { SETTING_TOPICS, type SettingTopic } from "../../contract/settings/setting";

const REQUIRES_DOCKER = "These settings require `executor: docker`, which is the default.";

/** What holds for all settings of a topic, in Markdown. */
const INTRODUCTIONS: Readonly<Record<SettingTopic, string | undefined>> = {
  "Replicas and updates":
    "[Update policy](operating.md#update-policy) explains the settings of `update`.",
  Placement: "[Nodes](nodes.md) explains them, and shows examples.",
  Resources:
    "These settings apply to a replica's own container, which runs gitlab-runner. [Nodes](nodes.md#what-replicas-may-use) explains them.",
  GitLab: "[Ways to authenticate](#ways-to-authenticate) explains which of these you need.",
  "The runner in GitLab":
    "These settings apply to a runner that the pool creates (`runnerScope`) or that a replica registers with a registration token. If `token` is an authentication token, its runner already exists: change these values on its page in GitLab. `runnerName` and `tags` then have no effect, and the other settings are rejected.",
  Jobs: "[What a job sees](#what-a-job-sees) explains variables, secrets and scripts.",
  "Sources and scripts of jobs":
    "Scripts may have several lines, at most 16 KiB each. [What a job sees](#what-a-job-sees) shows one.",
  "Polling and logs": undefined,
  "Docker executor: images": REQUIRES_DOCKER,
  "Docker executor: limits": `${REQUIRES_DOCKER} The limits apply to each container. Those of jobs also apply to the helper container. They do not affect where Swarm places replicas.`,
  "Docker executor: rights": REQUIRES_DOCKER,
  "Docker executor: network": REQUIRES_DOCKER,
  "Docker executor: services and containers": REQUIRES_DOCKER,
  "Docker executor: engine": `${REQUIRES_DOCKER} [The engine of the jobs](#the-engine-of-the-jobs) explains them.`,
  Cache:
    "[Caches](caches.md) explains what to choose, and shows an example. `cache.type` decides which of the other settings apply.",
  "Cache in S3": "These settings require `cache.type: s3`.",
  "Other keys of config.toml":
    "[Keys without a setting](#keys-without-a-setting) explains what a template may contain.",
  Proxy: "[Behind a proxy](proxy.md) explains what goes through the proxy.",
  Network:
    "[Network of the replicas](#network-of-the-replicas) explains `network` and `networks`, and [Nodes](nodes.md#what-else-the-replicas-containers-get) the others.",
  "Swarm service":
    "[Log and labels of the service](#log-and-labels-of-the-service) explains what to choose.",
  Hardening:
    "[Hardening](hardening.md) explains what a replica may do by default, and what these settings cannot change.",
  "Image and registry":
    "These settings apply to the whole stack. [Registry and engine](#registry-and-engine) explains how they are used.",
};

/** The settings of one topic. */
export interface SettingGroup {
  readonly topic: string;
  /** Markdown that holds for all settings of the topic. */
  readonly introduction?: string | undefined;
  readonly keys: readonly SettingKey[];
}

/** Groups all settings by topic. Within a topic they have the order of the settings table. */
export function groupSettings(): readonly SettingGroup[] {
  return SETTING_TOPICS.map((topic) => ({
    topic,
    introduction: INTRODUCTIONS[topic],
    keys: SETTING_KEYS.filter((key) => settingOf(key).topic === topic),
  }));
}
