import { setAt } from "../../contract/settings/nested";
import type { PlannedPool } from "./plan";

/** Builds the stack config of pools: nested values by the first part of their keys. */
export function buildConfig(pools: readonly PlannedPool[]): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  const names = pools.flatMap(({ pool }) => (pool === undefined ? [] : [pool]));
  // A pool exists even if it only inherits settings.
  if (names.length > 0) config["pools"] = Object.fromEntries(names.map((name) => [name, {}]));
  for (const { pool, values } of pools) {
    for (const [key, value] of values) {
      setAt(config, [...toPath(pool), ...key.split(".")], value);
    }
  }
  if (config["pools"] === undefined) return config;
  const { pools: additional, ...top } = config;
  return { ...top, pools: additional };
}

/** Returns the path of a pool in the stack config. */
export function toPath(pool: string | undefined): readonly string[] {
  return pool === undefined ? [] : ["pools", pool];
}
