import * as pulumi from "@pulumi/pulumi";
import { userError } from "../components/user-error";
import { listStrings, parseJson } from "../contract/json";
import { readSecretPaths } from "./secret-paths";
import { readStackSettings, type StackSettings } from "./stack-settings";

/**
 * Reads the settings of the running stack from its config and the environment.
 * @throws {pulumi.RunError} that lists all problems
 */
export function loadSettings(): StackSettings {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const result = readStackSettings({
    config: readProjectConfig(project),
    secretKeys: listSecretKeys(project),
    readSecretPaths: () => readSecretPaths({ folder: process.cwd(), project, stack }),
    env: process.env,
    project,
    stack,
  });
  // Each pool's component logs the warnings about its settings.
  const { warnings } = "problems" in result ? result : result.settings;
  for (const warning of warnings) void pulumi.log.warn(warning);
  if ("problems" in result) {
    throw userError(["Invalid settings:", ...result.problems].join("\n  - "));
  }
  const { fromEnvironment } = result.settings;
  if (fromEnvironment.length > 0) {
    void pulumi.log.info(`Settings from the environment: ${fromEnvironment.join(", ")}.`);
  }
  return result.settings;
}

/** Reads the whole config of this project, so that misspelled keys are found. */
function readProjectConfig(project: string): Record<string, string> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** Lists the keys of this project's config that are secrets. Pulumi passes them as JSON. */
function listSecretKeys(project: string): readonly string[] {
  const keys = parseJson(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  const prefix = `${project}:`;
  return listStrings(keys)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}
