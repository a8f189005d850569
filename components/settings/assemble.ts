import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../contract/json";
import {
  isEmptyDefault,
  POOL_KEYS,
  REPLICA_KEYS,
  SECRET_KEYS,
  settingOf,
  type KeyOf,
  type KeyWith,
  type SettingKey,
  type ValueOf,
} from "../../contract/settings/keys";
import { nest } from "../../contract/settings/nested";
import type { Executor } from "../../contract/values";
import type { Authentication } from "./check-pool";
import { required, valueOf, type Draft } from "./draft";
import type {
  Identity,
  NetworkPlan,
  PlainSettings,
  PoolSettings,
  ReplicaTexts,
} from "./pool-settings";

/** Values that are not known yet, by the setting that they are of. */
export type Later = ReadonlyMap<SettingKey, pulumi.Output<unknown>>;

/** The settings of a pool, from arguments that have been checked. */
export function assemble(draft: Draft, authentication: Authentication, later: Later): PoolSettings {
  const input = <K extends KeyWith<"input">>(key: K) => {
    // It was read by the type of its own key.
    const output = later.get(key) as pulumi.Output<ValueOf<K>> | undefined;
    return output ?? pulumi.output(required(draft, key));
  };
  return {
    ...plainSettings(draft),
    identity: identityWith(authentication, () => input("token")),
    gitlabUrl: input("gitlabUrl"),
    replicas: input("replicas"),
    network: networkPlan(draft, later),
    texts: replicaTexts(draft, authentication, later),
    secrets: secretTexts(draft, later),
  };
}

function identityWith(
  authentication: Authentication,
  token: () => pulumi.Output<string>,
): Identity {
  switch (authentication.kind) {
    case "created":
      return authentication;
    case "authentication":
    case "registration":
      return { kind: authentication.kind, token: token() };
  }
}

function networkPlan(draft: Draft, later: Later): NetworkPlan {
  const output = later.get("network");
  if (output !== undefined) {
    return { kind: "existing", name: output.apply(nameOfNetwork) };
  }
  const setting = valueOf(draft, "network") ?? { kind: "created" };
  switch (setting.kind) {
    case "existing":
      return { kind: "existing", name: pulumi.output(setting.name) };
    case "created":
      return setting;
  }
}

/** The name of a network that was an output. */
function nameOfNetwork(setting: unknown): string {
  return isObject(setting) ? String(setting["name"]) : "";
}

function plainSettings(draft: Draft): PlainSettings {
  const executor = required(draft, "executor");
  const values: Record<string, unknown> = {};
  for (const key of POOL_KEYS) {
    if (!mayBeOutput(key) && isOf(executor, key)) values[key] = valueOf(draft, key);
  }
  const nested: object = nest(values);
  // Each value was read by the type of its own key.
  return nested as PlainSettings;
}

/** Texts of what the replicas read: none of a setting that has no effect on them. */
function replicaTexts(draft: Draft, authentication: Authentication, later: Later): ReplicaTexts {
  const executor = required(draft, "executor");
  const texts = new Map<KeyOf<"replica">, pulumi.Input<string>>();
  for (const key of REPLICA_KEYS) {
    const { secret, newRunnerOnly } = settingOf(key);
    const isUnused =
      secret === true ||
      (newRunnerOnly !== undefined && authentication.kind !== "registration") ||
      !isOf(executor, key);
    const text = isUnused ? undefined : textOf(draft, later, key);
    if (text !== undefined) texts.set(key, text);
  }
  const kind = authentication.kind === "created" ? "authentication" : authentication.kind;
  return texts.set("tokenKind", kind);
}

/**
 * Texts of the secrets, each for a swarm secret of its own; the token's may be that of a created
 * runner.
 */
function secretTexts(draft: Draft, later: Later): ReplicaTexts {
  const executor = required(draft, "executor");
  const texts = new Map<KeyOf<"replica">, pulumi.Input<string>>();
  for (const key of SECRET_KEYS) {
    const text = key === "token" || !isOf(executor, key) ? undefined : textOf(draft, later, key);
    if (text !== undefined) texts.set(key, text);
  }
  return texts;
}

/** The text of a setting; undefined where it says nothing. */
function textOf(
  draft: Draft,
  later: Later,
  key: KeyOf<"replica">,
): pulumi.Input<string> | undefined {
  const { type } = settingOf(key);
  const output = later.get(key);
  if (output !== undefined) return output.apply((known) => type.format(known));
  const value = valueOf(draft, key);
  return value === undefined || isEmptyDefault(key, value) ? undefined : type.format(value);
}

/** Whether a setting has an effect with an executor. */
function isOf(executor: Executor, key: SettingKey): boolean {
  const owner = settingOf(key).executor;
  return owner === undefined || owner === executor;
}

/** Whether a setting may be an output. A secret may too: it goes into a swarm secret as it is. */
export function mayBeOutput(key: SettingKey): boolean {
  const { input, secret } = settingOf(key);
  return input === true || secret === true;
}
