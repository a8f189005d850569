import { setTimeout as sleep } from "node:timers/promises";
import { isStill, send, type ProcessStat } from "./process-table";

/** How long gitlab-runner gets to take in that it aborts the jobs (ms): a script that ends before counts as a failure of its own. */
const HEAD_START_MS = 100;

/** How long a job's processes may take to end by themselves (ms), as long as `su` gives the script that it runs. */
const GRACE_MS = 2_000;

/**
 * Ends the processes of jobs that gitlab-runner was told to abort. It reaches those of its own process group alone. As the
 * user `gitlab-runner` a script runs under `su`, in a session of its own; what it started lives on, holds the job's output
 * open, and GitLab would hear of the failure only when that has ended.
 */
export async function endJobs(processes: readonly ProcessStat[]): Promise<void> {
  await sleep(HEAD_START_MS);
  signalAll(processes, "SIGTERM");
  await sleep(GRACE_MS);
  signalAll(processes, "SIGKILL");
}

function signalAll(processes: readonly ProcessStat[], name: NodeJS.Signals): void {
  for (const process of processes) if (isStill(process)) send(process.pid, name);
}
