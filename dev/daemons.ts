import { spawn } from "node:child_process";
import { openSync, closeSync, mkdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { eventually } from "./eventually";

/**
 * An environment variable that identifies the processes that the local platform started, and their
 * children. It finds them even if the run that started them was killed before it could record
 * anything.
 */
const MARK = "GITLAB_RUNNER_POOL_DAEMON";

export interface Daemon {
  /** Identifies the daemon on this machine: the state folder and the daemon's name. */
  readonly mark: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Receives the daemon's output. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Makes the files that it writes readable by its user only. @default false */
  readonly isPrivate?: boolean;
}

/** Starts a process that outlives this one and ignores Ctrl-C in this terminal. */
export function startDaemon(daemon: Daemon): void {
  const { mark, file, args, logFile, cwd, env = {}, isPrivate = false } = daemon;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  // A child inherits the umask in effect when it starts.
  const mask = isPrivate ? process.umask(0o077) : undefined;
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...env, [MARK]: mark },
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (mask !== undefined) process.umask(mask);
  closeSync(log);
  // Without this handler, the error of a program that cannot start would end this process. The
  // caller notices that the daemon does not answer.
  child.on("error", () => undefined);
  child.unref();
}

/** IDs of the processes that carry the mark. Processes of other users are not visible. */
export async function findDaemon(mark: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(pids.map((pid) => carries(pid, `${MARK}=${mark}`)));
  return pids.filter((_, i) => marked[i]);
}

async function carries(pid: number, variable: string): Promise<boolean> {
  // A zombie has no environment.
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").includes(variable);
}

/**
 * Ends all processes that carry the mark: first with SIGTERM, then with SIGKILL.
 * @param graceMs milliseconds between the two signals
 * @throws Error if a process is still running afterwards
 */
export async function stopDaemon(mark: string, graceMs = 10_000): Promise<void> {
  await signalDaemon(mark, "SIGTERM");
  if (await isGone(mark, graceMs)) return;
  await signalDaemon(mark, "SIGKILL");
  if (!(await isGone(mark, 5_000))) {
    throw new Error(`cannot end the processes ${(await findDaemon(mark)).join(", ")}`);
  }
}

async function isGone(mark: string, timeoutMs: number): Promise<boolean> {
  try {
    await eventually(async () => (await findDaemon(mark)).length === 0, {
      what: "the processes to end",
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
      // It has ended in the meantime.
    }
  }
}
