import { formatDuration } from "../../../contract/duration";
import { EXIT, type ExitCode } from "../../../contract/exit-codes";
import { DRAIN_HEADROOM_SECONDS } from "../../../contract/swarm";
import { monotonicMs } from "../system/clock";
import { Drain } from "./drain";
import { readIfThere, tryToRemove, writePrivate } from "../system/files";
import { onForceStop } from "./force-stop";
import { removeOwnVolumes } from "./own-volumes";
import type { Report } from "../log";
import type { ReplicaPaths } from "../system/paths";
import { pausePolling } from "../gitlab-runner/pause-polling";
import { forbidResuming } from "../gitlab-runner/suspend-polling";
import { removeOwnJobObjects } from "../system/leftovers";
import { clearPlace } from "../system/place";
import type { StateFile } from "../system/state-file";
import type { RunnerProcess } from "../gitlab-runner/process";
import { deregister } from "../gitlab/deregister";

/** What remains of the grace period when the last request to GitLab begins. */
const MARGIN_SECONDS = 10;

/** How long the replica tries to deregister at most, even if the grace period is longer. */
const DEREGISTER_TIMEOUT_SECONDS = 300;

export interface Stopping {
  readonly paths: ReplicaPaths;
  readonly state: StateFile;
  readonly runner: RunnerProcess;
  readonly report: Report;
  /** Whether a second stop signal arrived before. */
  readonly isForced: boolean;
}

/**
 * Drains gitlab-runner and deregisters the replica. If an earlier stop process was killed, resumes
 * where that left off.
 * @returns the replica's exit code
 */
export async function stop(context: Stopping): Promise<ExitCode> {
  const { paths, state, runner, report, isForced } = context;
  const beganAtMs = recordStart(paths);
  const graceEndMs =
    beganAtMs + (state.drainTimeoutSeconds + DRAIN_HEADROOM_SECONDS - MARGIN_SECONDS) * 1000;
  const remainingMs = Math.max(0, beganAtMs + state.drainTimeoutSeconds * 1000 - monotonicMs());
  const forceStop = new AbortController();
  const drain = new Drain({
    runner,
    metricsPort: state.metricsPort,
    report,
    remainingMs,
    pausePolling: () => pausePolling({ paths, state, runner }),
    deregister: () => cleanUp(context, graceEndMs, forceStop.signal),
  });
  tryToRemove(paths.online);
  forbidResuming(paths);
  if (runner.isAlive()) {
    const time = formatDuration(Math.ceil(remainingMs / 1000));
    report("draining", `accepting no new jobs; running jobs have up to ${time}`);
  }
  const exit = drain.run();
  onForceStop(isForced, () => {
    forceStop.abort();
    drain.forceStop();
  });
  return EXIT[await exit];
}

/** @returns when the stop began, by `monotonicMs`; Swarm's grace period counts from then on */
function recordStart({ stoppedAt }: ReplicaPaths): number {
  const notedMs = Number(readIfThere(stoppedAt) ?? NaN);
  const nowMs = monotonicMs();
  if (notedMs > 0 && notedMs <= nowMs) return notedMs;
  try {
    writePrivate(stoppedAt, String(nowMs));
  } catch {
    // Without the file, a later stop process counts from its own start.
  }
  return nowMs;
}

/**
 * Deregisters the replica and removes what its jobs left.
 * @returns whether GitLab no longer has it
 */
async function cleanUp(
  { paths, state, report }: Stopping,
  graceEndMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadlineMs = Math.min(graceEndMs, monotonicMs() + DEREGISTER_TIMEOUT_SECONDS * 1000);
  // Containers first: the engine removes no volume that one uses.
  const removed = removeOwnJobObjects(state, report).then(async (nothingIsLeft) => {
    await removeOwnVolumes(state, { graceEndMs, signal }, report);
    return nothingIsLeft;
  });
  const gone = await deregister({ state, paths, report, deadlineMs, signal });
  if ((await removed) && gone) clearPlace(state);
  return gone;
}
