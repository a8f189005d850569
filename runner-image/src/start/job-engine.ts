import { usesEngine } from "../../../contract/values";
import { findDockerSection } from "../gitlab-runner/config-toml";
import type { Report } from "../log";
import { findEngine, type Engine } from "../system/engine/engine";
import type { ReplicaPaths } from "../system/paths";
import { readRecord } from "../system/registration-file";
import type { ReplicaSettings } from "../settings/settings";
import { readTemplate } from "./template";

/**
 * Finds the Docker engine that will run this replica's jobs: the one in its configuration, which
 * includes the user's config.toml, or the one in its environment.
 * @returns undefined if no engine runs its jobs, or only gitlab-runner can reach it
 */
export function findJobEngine(
  settings: ReplicaSettings,
  paths: Pick<ReplicaPaths, "template" | "record">,
  env: NodeJS.ProcessEnv,
  report: Report,
): Engine | undefined {
  if (!usesEngine(settings.executor)) return undefined;
  const { gitlabUrl, tokenKind, token } = settings;
  const own = tokenKind === "authentication" ? token : readRecord(paths.record, gitlabUrl)?.token;
  const section = findDockerSection(readTemplate(paths.template), gitlabUrl, own);
  const engine = findEngine(section, env);
  if (engine === undefined) {
    const host = section["host"] ?? env["DOCKER_HOST"];
    report(
      "warning",
      `cannot check the Docker engine at ${JSON.stringify(host)}, because the address does not start with unix:// or tcp://: if it is not there, jobs fail`,
    );
  }
  return engine;
}
