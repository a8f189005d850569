import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Interval between two checks in milliseconds. The shortest process of a replica lives for about
 * 100 ms.
 */
const PAUSE_MS = 5;

/** Arguments and environments of a container's processes, one line each. */
export type ProcessesByContainer = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Collects the arguments and environments of the processes in all containers of this machine while
 * they live, including those of jobs.
 */
export function watchProcesses(): { end(): Promise<ProcessesByContainer> } {
  const seen = new Map<string, Set<string>>();
  let ended = false;
  const scan = async (): Promise<void> => {
    while (!ended) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) note(pid, seen);
      await sleep(PAUSE_MS);
    }
  };
  const scanning = scan();
  return {
    async end() {
      ended = true;
      await scanning;
      return seen;
    },
  };
}

function note(pid: string, seen: Map<string, Set<string>>): void {
  const [container] = /[0-9a-f]{64}/.exec(read(pid, "cgroup")) ?? [];
  if (container === undefined) return;
  const lines = seen.get(container) ?? new Set();
  seen.set(container, lines);
  lines.add(read(pid, "cmdline").replaceAll("\0", " "));
  for (const variable of read(pid, "environ").split("\0")) lines.add(variable);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // The process has already ended.
    return "";
  }
}
