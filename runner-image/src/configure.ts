import { nameOf, othersIn, readConfig, renderConfig, type RegisteredRunner } from "./config-toml";
import { readIfThere, writePrivate } from "./files";
import { findFreePort } from "./free-port";
import { placeConfig } from "./hand-over";
import type { Say } from "./log";
import type { ReplicaPaths } from "./paths";
import { writeState, type ReplicaState } from "./replica-state";
import type { ReplicaSettings } from "./settings";

export interface Configuring {
  readonly paths: ReplicaPaths;
  readonly say: Say;
  readonly settings: ReplicaSettings;
  readonly runner: RegisteredRunner;
  /** Without the port of the metrics. */
  readonly state: ReplicaState;
}

/** Writes what gitlab-runner and the other sub-commands read, and that gitlab-runner may run, if it does not wait for that already. */
export async function configure(context: Configuring): Promise<void> {
  const { paths, say, settings, runner, state } = context;
  const existing = readConfig(readIfThere(paths.config) ?? "");
  if (existing === undefined) {
    say("warning", `${paths.config} is not TOML and is written anew`);
  }
  for (const name of othersIn(existing ?? {}, nameOf(settings), runner.token)) {
    say(
      "warning",
      `${paths.config} holds another runner, "${name}": it is left out, since a replica runs its own alone`,
    );
  }
  const metricsPort = await findFreePort();
  writeState(paths.state, { ...state, metricsPort });
  const give = placeConfig(paths.config, renderConfig(settings, runner, metricsPort, existing));
  writePrivate(paths.ready, "");
  // Last, since nothing may fail once gitlab-runner asks for jobs.
  await give();
}
