import { renameSync, utimesSync } from "node:fs";
import { exists, readIfThere, tryToRemove, writePrivate } from "../system/files";
import type { ReplicaPaths } from "../system/paths";
import { pausePolling, type PauseTimeouts, type PollingContext } from "./pause-polling";
import type { RunnerProcess } from "./process";

/**
 * An open job request may continue: gitlab-runner does not have to quit. It asks for no job once it
 * has reloaded its configuration.
 */
const TIMEOUTS: PauseTimeouts = { beginMs: 1_000, reloadMs: 10_000, requestsMs: 0 };

type Paths = Pick<ReplicaPaths, "config" | "fullConfig">;

export interface SuspendContext extends PollingContext {
  readonly paths: Paths;
}

/** Whether polling is suspended, or the process that suspended it was killed on the way. */
export function isSuspended({ fullConfig }: Paths): boolean {
  return exists(fullConfig);
}

/**
 * Stops gitlab-runner from beginning job requests until `resumePolling`. Its jobs continue.
 * @throws Error if the disk is full or read-only
 */
export async function suspendPolling(context: SuspendContext): Promise<void> {
  const { paths } = context;
  if (!isSuspended(paths)) {
    const text = readIfThere(paths.config);
    if (text === undefined) return;
    writePrivate(paths.fullConfig, text);
  }
  await pausePolling(context, TIMEOUTS);
}

/**
 * Ends `suspendPolling`. Does nothing after `forbidResuming`: the file is moved in one step, so
 * either a drain has removed it before, or the drain's own configuration replaces it.
 */
export function resumePolling({ config, fullConfig }: Paths, runner: RunnerProcess): void {
  try {
    // gitlab-runner may lose the signal, and then loads the file only if it is newer.
    const now = new Date();
    utimesSync(fullConfig, now, now);
    renameSync(fullConfig, config);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  runner.signal("SIGHUP");
}

/** Keeps another process from resuming polling. A drain calls this before it pauses polling. */
export function forbidResuming({ fullConfig }: Pick<ReplicaPaths, "fullConfig">): void {
  tryToRemove(fullConfig);
}
