import { readdirSync, readFileSync } from "node:fs";

/** A process as the kernel shows it. */
export interface ProcessView {
  readonly pid: number;
  readonly args: readonly string[];
  /** `NAME=VALUE`, as of the start of the process. */
  readonly env: readonly string[];
}

/**
 * Lists running processes whose environment contains a `NAME=VALUE`. Children inherit it, so this
 * finds whole process trees.
 */
export function findProcesses(mark: string): readonly ProcessView[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => viewProcess(Number(name)) ?? [])
    .filter(({ env }) => env.includes(mark));
}

function viewProcess(pid: number): ProcessView | undefined {
  try {
    const [args, env] = ["cmdline", "environ"].map((file) =>
      readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0").slice(0, -1),
    );
    return { pid, args: args ?? [], env: env ?? [] };
  } catch {
    // The process has already ended.
    return undefined;
  }
}
