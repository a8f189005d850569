import { setAt } from "../../contract/settings/nested";
import { readStackSettings } from "../../stack/stack-settings";
import { buildConfig, toPath } from "./build-config";
import type { PlannedPool } from "./plan";

/** What the user sets in any case. */
const REGISTRY = { address: "registry.example.com/ci" };

/** Stands for a token that the file does not have. */
const TOKEN = "glrt-t1_0123456789";

/**
 * Checks the planned config as the program does, with the secrets set.
 * @returns why the program would reject it
 */
export function checkPlan(pools: readonly PlannedPool[]): readonly string[] {
  const config = { ...buildConfig(pools), registry: REGISTRY };
  const unknown: string[] = [];
  for (const { pool, secrets, files } of pools) {
    const path = toPath(pool);
    for (const [key, value] of secrets) {
      const known = key === "token" ? (value ?? TOKEN) : value;
      if (known === undefined) unknown.push([...path, key].join("."));
      else setAt(config, [...path, ...key.split(".")], known);
    }
    unknown.push(...[...files.keys()].map((key) => [...path, key].join(".")));
  }
  // Pulumi passes objects as JSON.
  const texts = Object.entries(config).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const result = readStackSettings({
    config: Object.fromEntries(texts),
    unknown,
    env: {},
    project: "gitlab-runner-pool",
    stack: "dev",
  });
  return "problems" in result ? result.problems : [];
}
