import { formatRunnerExit } from "../../../contract/runner-exit";
import { DRAIN_HEADROOM_SECONDS } from "../../../contract/swarm";
import { monotonicMs } from "../system/clock";
import { tryToRemove } from "../system/files";
import { delayExit, EXIT_DELAY_MS } from "../system/exit-delay";
import { onForceStop } from "./force-stop";
import type { Report } from "../log";
import type { ReplicaPaths } from "../system/paths";
import { removeOwnJobObjects } from "../system/leftovers";
import { clearPlace } from "../system/place";
import type { StateFile } from "../system/state-file";
import { deregister } from "../gitlab/deregister";

export interface CleaningUp {
  readonly paths: ReplicaPaths;
  readonly state: StateFile;
  /** gitlab-runner's exit code. */
  readonly code: number;
  readonly report: Report;
  /** Whether a stop signal arrived before. */
  readonly isForced: boolean;
}

/**
 * Deregisters the replica after gitlab-runner exited by itself.
 * @returns the replica's exit code, which is gitlab-runner's
 */
export async function cleanUp({
  paths,
  state,
  code,
  report,
  isForced,
}: CleaningUp): Promise<number> {
  const forceStop = new AbortController();
  onForceStop(isForced, () => {
    forceStop.abort();
  });
  const { signal } = forceStop;
  tryToRemove(paths.online);
  report("warning", formatRunnerExit(code));
  const deadlineMs = monotonicMs() + (DRAIN_HEADROOM_SECONDS / 2) * 1000;
  const removed = removeOwnJobObjects(state, report);
  const gone = await deregister({ state, paths, report, deadlineMs, signal });
  if ((await removed) && gone) clearPlace(state);
  await delayExit(report, signal, state.acceptedAtMs + EXIT_DELAY_MS - monotonicMs());
  return code;
}
