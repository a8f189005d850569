import {
  descendantsOf,
  isStill,
  readProcesses,
  readStat,
  send,
  type ProcessStat,
} from "./process-table";

/** gitlab-runner as a process that somebody else started. */
export class RunnerProcess {
  private readonly seen: ProcessStat | undefined;

  constructor(readonly pid: number) {
    this.seen = readStat(pid);
  }

  /** A process that ended but was not waited for yet counts as ended. */
  isAlive(): boolean {
    return this.seen !== undefined && isStill(this.seen);
  }

  /** Sends a signal; nothing happens if the process has ended. */
  signal(name: NodeJS.Signals): void {
    if (this.isAlive()) send(this.pid, name);
  }

  /** What runs of its jobs in this container: those of the shell executor do. */
  jobProcesses(): readonly ProcessStat[] {
    return descendantsOf(this.pid, readProcesses());
  }

  /** Kills the process and all that it started: it leads a process group. */
  killGroup(): void {
    if (this.isAlive()) send(-this.pid, "SIGKILL");
  }
}
