import { formatDuration } from "../../contract/duration";
import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { DRAIN_HEADROOM } from "../../contract/service";
import { Drain } from "./drain";
import { moveIfThere, readIfThere, remove, writePrivate } from "./files";
import { onHurry } from "./hurry";
import type { Say } from "./log";
import type { ReplicaPaths } from "./paths";
import { quieten } from "./quieten";
import type { ReplicaState } from "./replica-state";
import type { RunnerProcess } from "./runner-process";
import { unregister } from "./unregister";

/** What is left of the grace time when the last request to GitLab is begun (s). */
const MARGIN = 10;

/** Longest time that GitLab is asked to remove the replica (s), even if the grace time is longer. */
const UNREGISTER_TIMEOUT = 300;

export interface Stopping {
  readonly paths: ReplicaPaths;
  readonly state: ReplicaState;
  readonly runner: RunnerProcess;
  readonly say: Say;
}

/**
 * Drains gitlab-runner and takes the replica off GitLab; where an earlier one was killed meanwhile, it goes on with that.
 * @returns the replica's exit code
 */
export async function stop(context: Stopping): Promise<ExitCode> {
  const { paths, state, runner, say } = context;
  const begun = noteBegin(paths);
  const grace = begun + (state.drainTimeout + DRAIN_HEADROOM - MARGIN) * 1000;
  const left = Math.max(0, begun + state.drainTimeout * 1000 - Date.now());
  const hurried = new AbortController();
  const drain = new Drain({
    runner,
    metricsPort: state.metricsPort,
    say,
    drainTimeout: left,
    quieten: () => quieten({ paths, state, runner }),
    unregister: () => leaveGitlab(context, grace, hurried.signal),
  });
  remove(paths.online);
  if (runner.isAlive()) {
    const time = formatDuration(Math.ceil(left / 1000));
    say("draining", `no new job is taken; running jobs may take ${time}`);
  }
  const exit = drain.run();
  onHurry(paths, () => {
    hurried.abort();
    drain.signal();
  });
  return EXIT[await exit];
}

/** @returns when the stop began, in epoch milliseconds: swarm counts from then on */
function noteBegin({ stoppedAt }: ReplicaPaths): number {
  const noted = Number(readIfThere(stoppedAt) ?? NaN);
  if (noted > 0) return noted;
  const now = Date.now();
  try {
    writePrivate(stoppedAt, String(now));
  } catch {
    // Without it a further one counts from its own beginning.
  }
  return now;
}

async function leaveGitlab(
  { paths, state, say }: Stopping,
  grace: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = Math.min(grace, Date.now() + UNREGISTER_TIMEOUT * 1000);
  const gone = await unregister({ state, paths, say, deadline, signal });
  // On a volume the next replica finds the configuration as it was, unless the runner in it is gone.
  if (gone && state.ownsRunner) remove(paths.configBefore);
  else moveIfThere(paths.configBefore, paths.config);
  return gone;
}
