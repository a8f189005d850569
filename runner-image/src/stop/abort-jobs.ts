import { setTimeout as sleep } from "node:timers/promises";
import { isSameProcess, send, type ProcessStat } from "../system/process-table";

/**
 * How long gitlab-runner gets to begin aborting the jobs. A script that ends earlier counts as a
 * script failure.
 */
const HEAD_START_MS = 100;

/**
 * How long a job's processes may take to exit after SIGTERM. `su` gives its script the same time.
 */
const GRACE_MS = 2_000;

/**
 * Ends the processes of jobs that gitlab-runner aborts. gitlab-runner reaches only its own process
 * group. As the user `gitlab-runner`, a script runs under `su` in its own session. Its children
 * would live on and hold the job's output open, and GitLab would learn of the failure only when
 * they end.
 */
export async function endJobProcesses(processes: readonly ProcessStat[]): Promise<void> {
  await sleep(HEAD_START_MS);
  signalAll(processes, "SIGTERM");
  await sleep(GRACE_MS);
  signalAll(processes, "SIGKILL");
}

function signalAll(processes: readonly ProcessStat[], name: NodeJS.Signals): void {
  for (const process of processes) if (isSameProcess(process)) send(process.pid, name);
}
