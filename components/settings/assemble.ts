import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../contract/json";
import {
  appliesTo,
  CERTIFICATE_KEYS,
  isEmptyDefault,
  isSecretValue,
  POOL_KEYS,
  REPLICA_KEYS,
  SECRET_KEYS,
  settingOf,
  type KeyOf,
  type KeyWith,
  type SettingKey,
  type ValueOf,
} from "../../contract/settings/keys";
import { canBeSecret } from "../../contract/settings/setting";
import { nest } from "../../contract/settings/nested";
import type { Authentication } from "./check-pool";
import { requireValue, getValue, type ParsedSettings } from "./parsed-settings";
import type {
  CertificateValues,
  Identity,
  NetworkPlan,
  PlainSettings,
  PoolSettings,
  ReplicaValues,
} from "./pool-settings";

/** The settings whose values are outputs. */
export type OutputValues = ReadonlyMap<SettingKey, pulumi.Output<unknown>>;

/** Builds the settings of a pool from checked arguments. */
export function assemble(
  parsed: ParsedSettings,
  authentication: Authentication,
  outputs: OutputValues,
): PoolSettings {
  const input = <K extends KeyWith<"input">>(key: K) => {
    // The cast is safe: checkOutput parsed each output by its key.
    const output = outputs.get(key) as pulumi.Output<ValueOf<K>> | undefined;
    return output ?? pulumi.output(requireValue(parsed, key));
  };
  return {
    ...collectPlainSettings(parsed),
    identity: buildIdentity(authentication, () => input("token")),
    gitlabUrl: input("gitlabUrl"),
    replicas: input("replicas"),
    network: planNetwork(parsed, outputs),
    networks: planNetworks(parsed, outputs),
    replicaValues: formatReplicaValues(parsed, authentication, outputs),
    secrets: formatSecrets(parsed, outputs),
    certificates: formatCertificates(parsed, outputs),
  };
}

function buildIdentity(
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

function planNetwork(parsed: ParsedSettings, outputs: OutputValues): NetworkPlan {
  const output = outputs.get("network");
  if (output !== undefined) {
    return { kind: "existing", name: output.apply(getNetworkName) };
  }
  const setting = getValue(parsed, "network") ?? { kind: "created" };
  switch (setting.kind) {
    case "existing":
      return { kind: "existing", name: pulumi.output(setting.name) };
    case "created":
      return setting;
  }
}

function planNetworks(parsed: ParsedSettings, outputs: OutputValues): PoolSettings["networks"] {
  // The cast is safe: checkOutput parsed each output by its key.
  const output = outputs.get("networks") as pulumi.Output<ValueOf<"networks">> | undefined;
  const names = getValue(parsed, "networks") ?? [];
  return output ?? (names.length === 0 ? undefined : pulumi.output(names));
}

/** Reads the name of an existing network from a parsed setting. */
function getNetworkName(setting: unknown): string {
  return isObject(setting) ? String(setting["name"]) : "";
}

function collectPlainSettings(parsed: ParsedSettings): PlainSettings {
  const executor = requireValue(parsed, "executor");
  const values: Record<string, unknown> = {};
  for (const key of POOL_KEYS) {
    if (!mayBeOutput(key) && appliesTo(executor, key)) values[key] = getValue(parsed, key);
  }
  const nested: object = nest(values);
  // The cast is safe: parseEntries parsed each value by its key.
  return nested as PlainSettings;
}

/** Formats the settings that replicas read. Skips settings that have no effect on them. */
function formatReplicaValues(
  parsed: ParsedSettings,
  authentication: Authentication,
  outputs: OutputValues,
): ReplicaValues {
  const executor = requireValue(parsed, "executor");
  const values = new Map<KeyOf<"replica">, pulumi.Input<string>>();
  for (const key of REPLICA_KEYS) {
    const { newRunnerOnly } = settingOf(key);
    const isUnused =
      isSecret(parsed, outputs, key) ||
      (newRunnerOnly !== undefined && authentication.kind !== "registration") ||
      !appliesTo(executor, key);
    const value = isUnused ? undefined : formatSetting(parsed, outputs, key);
    if (value !== undefined) values.set(key, value);
  }
  const kind = authentication.kind === "created" ? "authentication" : authentication.kind;
  return values.set("tokenKind", kind);
}

/**
 * Formats the secret settings, each of which gets its own swarm secret. Skips the token, because it
 * may come from a runner that the pool creates.
 */
function formatSecrets(parsed: ParsedSettings, outputs: OutputValues): ReplicaValues {
  const executor = requireValue(parsed, "executor");
  const values = new Map<KeyOf<"replica">, pulumi.Input<string>>();
  for (const key of SECRET_KEYS) {
    const value =
      key === "token" || !appliesTo(executor, key) || !isSecret(parsed, outputs, key)
        ? undefined
        : formatSetting(parsed, outputs, key);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

/** Formats the settings that the replicas get as files of certificates. */
function formatCertificates(parsed: ParsedSettings, outputs: OutputValues): CertificateValues {
  const values = new Map<KeyWith<"certificateFile">, pulumi.Input<string>>();
  for (const key of CERTIFICATE_KEYS) {
    const value = formatSetting(parsed, outputs, key);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

/**
 * Whether the value of a setting belongs into a swarm secret. An output may turn out to be secret
 * when it is too late, so it counts as secret if any value can be.
 */
function isSecret(parsed: ParsedSettings, outputs: OutputValues, key: SettingKey): boolean {
  return outputs.has(key) ? canBeSecret(settingOf(key)) : isSecretValue(key, getValue(parsed, key));
}

/** Formats the value of a setting; returns undefined if it is unset, or empty by default. */
function formatSetting(
  parsed: ParsedSettings,
  outputs: OutputValues,
  key: SettingKey,
): pulumi.Input<string> | undefined {
  const { type } = settingOf(key);
  const output = outputs.get(key);
  if (output !== undefined) return output.apply((known) => type.format(known));
  const value = getValue(parsed, key);
  return value === undefined || isEmptyDefault(key, value) ? undefined : type.format(value);
}

/** Whether a setting may be an output. Any secret may, because it only goes into a swarm secret. */
export function mayBeOutput(key: SettingKey): boolean {
  const row = settingOf(key);
  return row.input === true || canBeSecret(row);
}
