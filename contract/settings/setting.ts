import type { CertificateFiles } from "../certificate-files";
import type { Executor } from "../values";
import type { SettingType } from "./type";

/**
 * Where a setting can be set, and who reads it:
 * - `stack`: applies to all pools of the stack. It is not an argument of a component.
 * - `pool`: an argument of a pool that only the program reads.
 * - `replica`: an argument of a pool that its replicas also read.
 */
export type SettingScope = "stack" | "pool" | "replica";

/** The topics by which the settings page groups the settings, in its order. */
export const SETTING_TOPICS = [
  "Replicas and updates",
  "Placement",
  "Resources",
  "GitLab",
  "The runner in GitLab",
  "Jobs",
  "Sources and scripts of jobs",
  "Polling and logs",
  "Docker executor: images",
  "Docker executor: limits",
  "Docker executor: rights",
  "Docker executor: network",
  "Docker executor: services and containers",
  "Docker executor: engine",
  "Cache",
  "Cache in S3",
  "Other keys of config.toml",
  "Proxy",
  "Network",
  "Swarm service",
  "Hardening",
  "Image and registry",
] as const;

export type SettingTopic = (typeof SETTING_TOPICS)[number];

/** A row of the settings table. */
export interface Setting<T = unknown> {
  /** The section of the settings page that lists it. */
  readonly topic: SettingTopic;
  readonly type: SettingType<T>;
  readonly scope: SettingScope;
  /** The description in the documentation. */
  readonly description: string;
  /** The environment variable. @default `RUNNER_` and the key in upper snake case */
  readonly env?: string;
  /** The default, as a user would write it. @default none */
  readonly default?: string | number | boolean;
  /** A user must set it. */
  readonly required?: true;
  /** The value is never shown, and a replica reads it from a file. */
  readonly secret?: true;
  /** The component's argument can be an output of another resource. */
  readonly input?: true;
  /**
   * Setting it means something even if the value is the default, so Pulumi.yaml must not set it.
   */
  readonly anyValueCounts?: true;
  /** The only executor with which it has an effect. */
  readonly executor?: Executor;
  /** The replicas get the value as this file in gitlab-runner's folder of certificates. */
  readonly certificateFile?: keyof CertificateFiles;
  /** The key in config.toml, such as `runners.docker.privileged`. */
  readonly toml?: string;
  /**
   * GitLab reads it only when a runner is created. A supplied authentication token belongs to a
   * runner that exists, so together with such a token the setting is rejected, or ignored with a
   * warning.
   */
  readonly newRunnerOnly?: "rejected" | "ignored";
}

/** What decides whether a value of a setting is secret. */
type Secrecy = Pick<Setting, "type" | "secret">;

/** Whether some values of a setting are secret. */
export function canBeSecret({ type, secret }: Secrecy): boolean {
  return secret === true || type.isSecret !== undefined;
}

/** Whether a value of a setting is secret. @param text the formatted value, or an invalid one */
export function isSecretText({ type, secret }: Secrecy, text: string): boolean {
  return secret === true || type.isSecret?.(text) === true;
}
