import { describeSource } from "../../components/settings/problems";
import { isObject } from "../../contract/json";
import { findEngineSocket, hasNodeSocket } from "../../contract/settings/engine-socket";
import { defaultOf, settingOf, type SettingKey, type ValueOf } from "../../contract/settings/keys";
import { parseArgument } from "../../contract/settings/type";
import type { StackPool, StackSettings } from "../../stack/stack-settings";

/** All pools of a stack: the default pool first. */
export function listPools({ pool, additionalPools }: StackSettings): readonly StackPool[] {
  return [pool, ...additionalPools];
}

/** Lists the warnings about a stack and its pools. Pools that share a setting share its warning. */
export function listWarnings(settings: StackSettings): readonly string[] {
  const ofPools = listPools(settings).flatMap(({ warnings }) => warnings);
  return [...new Set([...settings.warnings, ...ofPools])];
}

/** Begins a sentence about a pool. The name is left out if the stack has only one pool. */
export function nameInSentence({ name }: StackPool, { additionalPools }: StackSettings): string {
  return additionalPools.length === 0 ? "" : `pool ${name}: `;
}

/** Names a setting as the user wrote it: with its pool, or with the variable that provides it. */
export function nameSetting({ names }: StackPool, key: SettingKey): string {
  const origin = names.origins.get(key);
  return origin === undefined ? `\`${names.pathPrefix}${key}\`` : describeSource(key, origin);
}

/** Formats a count: `1 pool`, `2 pools`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * Reads an argument of a pool by its key, such as `docker.memory`. All arguments of a stack's pool
 * are plain values.
 * @returns undefined if the argument is not set, or no such setting exists
 */
export function readArgument({ args }: StackPool, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), args);
}

/** Reads the value of a setting; undefined if it is not set. */
export function readParsed<K extends SettingKey>(pool: StackPool, key: K): ValueOf<K> | undefined {
  const parsed = parseArgument(settingOf(key).type, readArgument(pool, key));
  // The cast is safe: the setting's own type parsed the value.
  return "value" in parsed ? (parsed.value as ValueOf<K>) : undefined;
}

/** Whether jobs run in containers of the replica's own node, as by default. */
export function runsJobsOnNodes(pool: StackPool): boolean {
  return findEngineSocket(readEngineSettings(pool)) !== undefined;
}

/** Whether the replicas have the socket of their node's Docker engine. */
export function haveNodeSocket(pool: StackPool): boolean {
  return hasNodeSocket({ ...readEngineSettings(pool), mounts: readParsed(pool, "mounts") });
}

function readEngineSettings(pool: StackPool) {
  return {
    executor: readParsed(pool, "executor") ?? defaultOf("executor"),
    docker: { host: readParsed(pool, "docker.host") },
  };
}

/** Reads an argument that is a string; empty if it is not set. */
export function readText(pool: StackPool, key: string): string {
  const value = readArgument(pool, key);
  return typeof value === "string" ? value : "";
}
