import { readdirSync, readFileSync } from "node:fs";

/** A process, as the kernel describes it. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** `Z` and `X` mean that it has ended. */
  readonly state: string;
  /** Ticks since boot. Distinguishes a process from a later one with the same ID. */
  readonly startedAt: string;
}

/** @returns undefined if there is no such process */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, which comes first, may contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent = ""] = fields;
    return { pid, parent: Number(parent), state, startedAt: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/** Whether it is still the same process, and has not ended. */
export function isSameProcess({ pid, startedAt }: ProcessStat): boolean {
  const now = readStat(pid);
  return now?.startedAt === startedAt && !/^[ZX]$/.test(now.state);
}

/** Lists all processes of this container. */
export function readProcesses(): readonly ProcessStat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
}

/** Returns a process's children, their children, and so on. */
export function findDescendants(
  ancestor: number,
  processes: readonly ProcessStat[],
): readonly ProcessStat[] {
  const children = processes.filter(({ parent }) => parent === ancestor);
  return children.flatMap((child) => [child, ...findDescendants(child.pid, processes)]);
}

/** Sends a signal. Does nothing if the process has ended. */
export function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
