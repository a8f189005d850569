import {
  findDescendants,
  isSameProcess,
  readProcesses,
  readStat,
  send,
  type ProcessStat,
} from "../system/process-table";

/** gitlab-runner, as a process that entrypoint.sh started. */
export class RunnerProcess {
  private readonly seen: ProcessStat | undefined;

  constructor(readonly pid: number) {
    this.seen = readStat(pid);
  }

  /** A zombie process counts as ended. */
  isAlive(): boolean {
    return this.seen !== undefined && isSameProcess(this.seen);
  }

  /** Sends a signal. Does nothing if the process has ended. */
  signal(name: NodeJS.Signals): void {
    if (this.isAlive()) send(this.pid, name);
  }

  /** The processes of its jobs in this container. Only jobs of the shell executor have any. */
  jobProcesses(): readonly ProcessStat[] {
    return findDescendants(this.pid, readProcesses());
  }

  /** Kills the process and its children, whose process group it leads. */
  killGroup(): void {
    if (this.isAlive()) send(-this.pid, "SIGKILL");
  }
}
