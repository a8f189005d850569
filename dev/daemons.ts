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
const DAEMON_ID = "GITLAB_RUNNER_POOL_DAEMON";

export interface Daemon {
  /** Identifies the daemon on this machine: the state folder and the daemon's name. */
  readonly daemonId: string;
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
  const { daemonId, file, args, logFile, cwd, env = {}, isPrivate = false } = daemon;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  // A child inherits the umask in effect when it starts.
  const mask = isPrivate ? process.umask(0o077) : undefined;
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...env, [DAEMON_ID]: daemonId },
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
export async function findDaemon(daemonId: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(pids.map((pid) => hasVariable(pid, `${DAEMON_ID}=${daemonId}`)));
  return pids.filter((_, i) => marked[i]);
}

async function hasVariable(pid: number, variable: string): Promise<boolean> {
  // A zombie has no environment.
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.split("\0").includes(variable);
}

/**
 * Ends all processes that carry the mark: first with SIGTERM, then with SIGKILL.
 * @param graceMs milliseconds between the two signals
 * @throws Error if a process is still running afterwards
 */
export async function stopDaemon(daemonId: string, graceMs = 10_000): Promise<void> {
  await signalDaemon(daemonId, "SIGTERM");
  if (await isGone(daemonId, graceMs)) return;
  await signalDaemon(daemonId, "SIGKILL");
  if (!(await isGone(daemonId, 5_000))) {
    throw new Error(`cannot end the processes ${(await findDaemon(daemonId)).join(", ")}`);
  }
}

async function isGone(daemonId: string, timeoutMs: number): Promise<boolean> {
  try {
    await eventually(async () => (await findDaemon(daemonId)).length === 0, {
      what: "the processes to end",
      timeoutMs,
      intervalMs: 50,
    });
    return true;
  } catch {
    return false;
  }
}

async function signalDaemon(daemonId: string, signal: NodeJS.Signals): Promise<void> {
  for (const pid of await findDaemon(daemonId)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}
