import { parseEngineHost } from "../../../contract/settings/types/engine-host";
import { findDockerSection } from "../gitlab-runner/config-toml";
import type { Report } from "../log";
import { findEngine, parseEngine, type Engine } from "../system/engine/engine";
import type { ReplicaPaths } from "../system/paths";
import { readRecord } from "../system/registration-file";
import type { ReplicaSettings } from "../settings/settings";
import { readTemplate } from "./template";

type TemplatePaths = Pick<ReplicaPaths, "template" | "record">;

/** Reads the section `[runners.docker]` of the user's config.toml. */
export function readDockerSection(
  { gitlabUrl, tokenKind, token }: ReplicaSettings,
  { template, record }: TemplatePaths,
): Readonly<Record<string, unknown>> {
  const own = tokenKind === "authentication" ? token : readRecord(record, gitlabUrl)?.token;
  return findDockerSection(readTemplate(template), gitlabUrl, own);
}

/**
 * Finds the Docker engine that will run this replica's jobs: the one in its settings, in the user's
 * config.toml or in its environment.
 * @returns undefined if no engine runs its jobs, or only gitlab-runner can reach it
 */
export function findJobEngine(
  settings: ReplicaSettings,
  paths: TemplatePaths & Pick<ReplicaPaths, "engineCertificates">,
  env: NodeJS.ProcessEnv,
  report: Report,
): Engine | undefined {
  if (settings.executor !== "docker") return undefined;
  const { host } = settings.docker;
  if (host !== undefined) {
    const tlsVerify = parseEngineHost(host).kind === "tcp";
    return parseEngine({ host, tlsVerify, certPath: paths.engineCertificates });
  }
  const section = readDockerSection(settings, paths);
  const engine = findEngine(section, env);
  if (engine === undefined) {
    const other = section["host"] ?? env["DOCKER_HOST"];
    report(
      "warning",
      `cannot check the Docker engine at ${JSON.stringify(other)}, because the address does not start with unix:// or tcp://: if it is not there, jobs fail`,
    );
  }
  return engine;
}
