import {
  formatRunnerName,
  listOtherRunners,
  renderConfig,
  type RegisteredRunner,
} from "../gitlab-runner/config-toml";
import { parsePort } from "../../../contract/listen-address";
import { findCertificates } from "./certificates";
import { writePrivate } from "../system/files";
import { findFreePort } from "../system/free-port";
import { publishConfig } from "./config-pipe";
import type { Report } from "../log";
import type { ReplicaPaths } from "../system/paths";
import { writeState, type StateFile } from "../system/state-file";
import type { ReplicaSettings } from "../settings/settings";
import { readTemplate } from "./template";

export interface ConfigContext {
  readonly paths: ReplicaPaths;
  readonly report: Report;
  readonly settings: ReplicaSettings;
  readonly runner: RegisteredRunner;
  /** Without the metrics port. */
  readonly state: StateFile;
}

/**
 * Writes the files that gitlab-runner and the other subcommands read, and the file that allows
 * entrypoint.sh to start gitlab-runner if it does not run already.
 */
export async function writeConfig(context: ConfigContext): Promise<void> {
  const { paths, report, settings, runner, state } = context;
  const existing = readTemplate(paths.template, report);
  for (const name of listOtherRunners(existing, formatRunnerName(settings), runner.token)) {
    report(
      "warning",
      `ignoring runner "${name}" in ${paths.template}: a replica runs only its own runner`,
    );
  }
  const { listenAddress } = settings;
  const metricsPort = listenAddress === undefined ? await findFreePort() : parsePort(listenAddress);
  writeState(paths.state, { ...state, metricsPort });
  const feedPipe = publishConfig(
    paths.config,
    renderConfig(settings, runner, metricsPort, existing, {
      runner: findCertificates(paths.certificates, settings.gitlabUrl),
      engineFolder: paths.engineCertificates,
    }),
  );
  const { tidiesUp, poolOnNode, place, engine } = state;
  if (tidiesUp && poolOnNode !== null && place !== null && engine !== null) {
    writePrivate(paths.tidy, "");
  }
  if (state.imageLimit !== null) writePrivate(paths.imageLimit, String(state.imageLimit.percent));
  writePrivate(paths.ready, String(metricsPort));
  // Last, because nothing may fail once gitlab-runner asks for jobs.
  await feedPipe();
}
