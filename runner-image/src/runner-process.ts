import { readFileSync } from "node:fs";

/** gitlab-runner as a process that somebody else started. */
export class RunnerProcess {
  constructor(readonly pid: number) {}

  /** A process that ended but was not waited for yet counts as ended. */
  isAlive(): boolean {
    try {
      const stat = readFileSync(`/proc/${this.pid}/stat`, "utf8");
      return !/\) [ZX] /.test(stat);
    } catch {
      return false;
    }
  }

  /** Sends a signal; nothing happens if the process has ended. */
  signal(name: NodeJS.Signals): void {
    if (!this.isAlive()) return;
    try {
      process.kill(this.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  /** Kills the process and all that it started: it leads a process group. */
  killGroup(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
