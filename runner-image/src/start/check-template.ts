import { join } from "node:path";
import { envOf } from "../../../contract/settings/keys";
import { renderConfig, readConfig } from "../gitlab-runner/config-toml";
import { findConflicts, readConfigTemplate } from "../gitlab-runner/config-template";
import { lintConfig } from "../gitlab-runner/lint";
import type { Report } from "../log";
import { isAborted } from "../gitlab/retry";
import type { ReplicaSettings } from "../settings/settings";
import { tryToRemove, writePrivate } from "../system/files";
import type { ReplicaPaths } from "../system/paths";
import { findCertificates } from "./certificates";
import { readTemplate } from "./template";

/** Any port: the file is only checked. */
const PORT = 1;

/**
 * Checks the setting `configTemplate`, if it is set, before the replica registers: its syntax, keys
 * that would have no effect, and the whole configuration with `gitlab-runner lint`.
 * @returns the problem, on one line; undefined if there is none
 */
export async function checkTemplate(
  settings: ReplicaSettings,
  paths: ReplicaPaths,
  report: Report,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { configTemplate = "" } = settings;
  if (configTemplate.trim() === "") return undefined;
  const read = readConfigTemplate(configTemplate);
  if ("problem" in read) return read.problem;
  const own = readConfig(render({ ...settings, configTemplate: undefined }, paths)) ?? {};
  const conflicts = findConflicts(read.document, own);
  return conflicts.length > 0
    ? conflicts.join("; ")
    : lint(render(settings, paths), paths, report, signal);
}

/** Renders the configuration that the replica would have if GitLab accepted its token. */
function render(settings: ReplicaSettings, paths: ReplicaPaths): string {
  const runner = { id: 1, token: settings.token, obtainedAtMs: 0, expiresAt: null };
  const certificates = findCertificates(paths.certificates, settings.gitlabUrl);
  return renderConfig(settings, runner, PORT, readTemplate(paths.template), certificates);
}

async function lint(
  config: string,
  { run }: ReplicaPaths,
  report: Report,
  signal: AbortSignal,
): Promise<string | undefined> {
  // In the run folder, because it contains the token. gitlab-runner reads it twice, so it cannot be
  // a pipe.
  const file = join(run, "lint.toml");
  writePrivate(file, config);
  try {
    const result = await lintConfig(file, process.env, signal);
    switch (result.kind) {
      case "valid":
        return undefined;
      case "invalid":
        return `gitlab-runner rejects the configuration with ${envOf("configTemplate")}: ${result.message}`;
      case "unchecked":
        if (!isAborted(signal)) {
          report("warning", `gitlab-runner did not check the configuration: ${result.reason}`);
        }
        return undefined;
    }
  } finally {
    tryToRemove(file);
  }
}
