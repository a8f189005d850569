import type { TokenKind } from "../../contract/token";
import type { SettingKey, SettingValue } from "./definitions";
import { required, valueOf, type Draft } from "./draft";
import type { NetworkSetting } from "./network-setting";
import type { RunnerScope } from "./runner-scope";

/** How a pool's replicas prove to GitLab who they are. */
export type Identity =
  /** With a token that was supplied. */
  | { readonly kind: TokenKind }
  /** With the token of a runner that the pool creates in GitLab. */
  | { readonly kind: "created"; readonly scope: RunnerScope };

/** Settings of the docker executor. */
export interface DockerSettings {
  readonly privileged: boolean;
  readonly volumes: readonly string[];
  readonly pullPolicy: SettingValue<"docker.pullPolicy">;
  readonly allowedImages: readonly string[];
  readonly helperImage: string | undefined;
  readonly networkMode: string | undefined;
}

/** Settings that GitLab holds for a runner that exists; set only where the runner is created. */
export interface RunnerSettings {
  readonly tags: readonly string[];
  readonly runUntagged: boolean;
  readonly locked: boolean;
  readonly protected: boolean;
  /** Seconds. */
  readonly maximumTimeout: number | undefined;
}

/** The checked settings of one pool, defaults included. The token is not among them. */
export interface PoolSettings {
  readonly gitlabUrl: string;
  readonly replicas: number;
  readonly identity: Identity;
  readonly runner: RunnerSettings;
  readonly runnerName: string;
  readonly jobImage: string;
  readonly concurrent: number;
  /** Seconds. */
  readonly drainTimeout: number;
  /** Seconds; 0 is not to wait. */
  readonly onlineTimeout: number;
  readonly executor: SettingValue<"executor">;
  readonly docker: DockerSettings;
  readonly network: NetworkSetting;
}

/** The settings of a draft that has been checked. */
export function poolSettings(draft: Draft, identity: Identity): PoolSettings {
  const get = <K extends SettingKey>(key: K) => valueOf(draft, key);
  return {
    gitlabUrl: required(draft, "gitlabUrl"),
    replicas: required(draft, "replicas"),
    identity,
    runner: {
      tags: required(draft, "tags"),
      runUntagged: required(draft, "runUntagged"),
      locked: required(draft, "locked"),
      protected: required(draft, "protected"),
      maximumTimeout: get("maximumTimeout"),
    },
    runnerName: required(draft, "runnerName"),
    jobImage: required(draft, "jobImage"),
    concurrent: required(draft, "concurrent"),
    drainTimeout: required(draft, "drainTimeout"),
    onlineTimeout: required(draft, "onlineTimeout"),
    executor: required(draft, "executor"),
    docker: {
      privileged: required(draft, "docker.privileged"),
      volumes: required(draft, "docker.volumes"),
      pullPolicy: required(draft, "docker.pullPolicy"),
      allowedImages: get("docker.allowedImages") ?? [],
      helperImage: get("docker.helperImage"),
      networkMode: get("docker.networkMode"),
    },
    network: get("network") ?? { kind: "created" },
  };
}
