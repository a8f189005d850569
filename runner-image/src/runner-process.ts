import { readFileSync } from "node:fs";

/** gitlab-runner as a process that somebody else started. */
export class RunnerProcess {
  /** By its start the kernel tells a process from a later one that got the same number. */
  private readonly startedAt: string | undefined;

  constructor(readonly pid: number) {
    this.startedAt = readStat(pid)?.startedAt;
  }

  /** A process that ended but was not waited for yet counts as ended. */
  isAlive(): boolean {
    const stat = readStat(this.pid);
    return stat !== undefined && stat.startedAt === this.startedAt && !/^[ZX]$/.test(stat.state);
  }

  /** Sends a signal; nothing happens if the process has ended. */
  signal(name: NodeJS.Signals): void {
    if (this.isAlive()) send(this.pid, name);
  }

  /** Kills the process and all that it started: it leads a process group. */
  killGroup(): void {
    if (this.isAlive()) send(-this.pid, "SIGKILL");
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** State and start time (ticks since the machine's start) of a process; undefined if there is none. */
function readStat(pid: number): { readonly state: string; readonly startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startedAt: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
