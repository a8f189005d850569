import { nameOf, othersIn, readConfig, renderConfig, type RegisteredRunner } from "./config-toml";
import { readIfThere, remove, writePrivate } from "./files";
import { findFreePort } from "./free-port";
import { handOver } from "./hand-over";
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

/** Writes what the other sub-commands and gitlab-runner read; that last, since gitlab-runner may be waiting for it. */
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
  writePrivate(paths.ready, "");
  try {
    handOver(paths.config, renderConfig(settings, runner, metricsPort, existing));
  } catch (error) {
    remove(paths.ready);
    throw error;
  }
}
