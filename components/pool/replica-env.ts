import type * as pulumi from "@pulumi/pulumi";
import { getSecretFile } from "../../contract/replica-paths";
import { TASK_ENV } from "../../contract/replica-env";
import { envOf, fileEnvOf, type SettingKey } from "../../contract/settings/keys";
import { mapInput } from "../known";
import type { PoolSettings, ReplicaValues } from "../settings/pool-settings";

/**
 * Builds the variables of a replica except the generation. Each setting has its own variable, which
 * keeps diffs readable.
 * @param secrets settings whose values are in swarm secrets, mounted as files in the replica
 */
export function buildReplicaVariables(
  values: ReplicaValues,
  secrets: readonly SettingKey[],
  mode: PoolSettings["mode"],
): Readonly<Record<string, pulumi.Input<string>>> {
  return {
    ...Object.fromEntries(secrets.map((key) => [fileEnvOf(key), getSecretFile(key)])),
    ...Object.fromEntries(
      [...values].map(([key, value]) => [envOf(key), mapInput(value, escapeTemplate)]),
    ),
    // Filled in by Swarm for each task.
    [TASK_ENV.pool]: "{{.Service.Name}}/{{.Service.ID}}",
    [TASK_ENV.node]: "{{.Node.ID}}",
    // In a global service, Swarm fills in the node's ID, which unlike its name never changes.
    [TASK_ENV.slot]: "{{.Task.Slot}}",
    ...(mode === "global" ? { [TASK_ENV.nodeName]: "{{.Node.Hostname}}" } : {}),
  };
}

/** Swarm expands `{{…}}` in environment variables; a setting must reach the replica unchanged. */
function escapeTemplate(text: string): string {
  return text.replaceAll("{{", "{{`{{`}}");
}
