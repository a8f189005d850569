import { spawn } from "node:child_process";
import { openSync, closeSync, mkdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { eventually } from "./eventually";

/**
 * Marks the processes that the local platform started, and their children, in their environment. It tells them from
 * all others even when the run that started them was killed before it could write anything down.
 */
const MARK = "GITLAB_RUNNER_POOL_DAEMON";

export interface Daemon {
  /** What it is and whose, unique on this machine: the state folder and the daemon's name. */
  readonly mark: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Gets what it prints. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a process that outlives this one and hears no Ctrl-C of this terminal. */
export function startDaemon({ mark, file, args, logFile, cwd, env = {} }: Daemon): void {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...env, [MARK]: mark },
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(log);
  // A program that cannot be started shows as one that never answers; its error would otherwise end this process.
  child.on("error", () => undefined);
  child.unref();
}

/** Process ids that carry the mark; those of other users are not seen. */
export async function findDaemon(mark: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(pids.map((pid) => carries(pid, `${MARK}=${mark}`)));
  return pids.filter((_, i) => marked[i]);
}

async function carries(pid: number, variable: string): Promise<boolean> {
  // An ended process that nobody waited for has no environment any more.
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").includes(variable);
}

/**
 * Ends all processes that carry the mark: asks them, and ends them by force if they have not gone in time.
 * @param graceMs milliseconds between asking and force
 * @throws Error if one is still there after that
 */
export async function stopDaemon(mark: string, graceMs = 10_000): Promise<void> {
  await signalDaemon(mark, "SIGTERM");
  if (await isGone(mark, graceMs)) return;
  await signalDaemon(mark, "SIGKILL");
  if (!(await isGone(mark, 5_000))) {
    throw new Error(`processes ${(await findDaemon(mark)).join(", ")} cannot be ended`);
  }
}

async function isGone(mark: string, timeoutMs: number): Promise<boolean> {
  try {
    await eventually(async () => (await findDaemon(mark)).length === 0, {
      what: "processes to end",
      timeoutMs,
      intervalMs: 50,
    });
    return true;
  } catch {
    return false;
  }
}

async function signalDaemon(mark: string, signal: NodeJS.Signals): Promise<void> {
  for (const pid of await findDaemon(mark)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
  }
}
