import { readdirSync, readFileSync } from "node:fs";

/** A process as the kernel tells of it. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** `Z` and `X` have ended. */
  readonly state: string;
  /** Ticks since the machine's start; by it the kernel tells a process from a later one that got the same number. */
  readonly startedAt: string;
}

/** @returns undefined if there is no such process */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent = ""] = fields;
    return { pid, parent: Number(parent), state, startedAt: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/** Whether the process is there, has not ended and is the one that was seen. */
export function isStill({ pid, startedAt }: ProcessStat): boolean {
  const now = readStat(pid);
  return now?.startedAt === startedAt && !/^[ZX]$/.test(now.state);
}

/** Every process that this container has. */
export function readProcesses(): readonly ProcessStat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
}

/** The processes that one process started, and those started them, and so on. */
export function descendantsOf(
  ancestor: number,
  processes: readonly ProcessStat[],
): readonly ProcessStat[] {
  const children = processes.filter(({ parent }) => parent === ancestor);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, processes)]);
}

/** Sends a signal; nothing happens if the process has ended meanwhile. */
export function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
