import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ExpectedError } from "./expected-error";

export interface LockOptions {
  /** Milliseconds to wait for another holder. @default none: fails at once */
  readonly waitMs?: number;
  /** What the holder does, to complete "another process …". */
  readonly what: string;
}

const LOCKED = "locked";

/** flock's exit code when another process holds the lock. */
const CONFLICT = 75;

/**
 * Works under a lock that the kernel releases when this process ends, even after `kill -9`.
 * @throws ExpectedError when another process holds the lock
 */
export async function withLock<T>(
  file: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const release = await takeLock(file, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function takeLock(
  file: string,
  { waitMs = 0, what }: LockOptions,
): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true });
  // `cat` exits when its standard input closes, at the latest when this process ends. That releases
  // the lock.
  const holder = spawn(
    "flock",
    [
      ...["--exclusive", "--no-fork", "--conflict-exit-code", String(CONFLICT)],
      ...["--timeout", String(waitMs / 1000), file],
      ...["sh", "-c", `echo ${LOCKED}; exec cat`],
    ],
    // Ctrl-C reaches the terminal's whole process group. The lock must last until this process has
    // cleaned up.
    { stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  const ended = once(holder, "exit") as Promise<[number | null]>;
  const [first] = (await Promise.race([once(holder.stdout, "data"), ended])) as [unknown];
  if (!Buffer.isBuffer(first)) {
    throw first === CONFLICT
      ? new ExpectedError(`another process ${what} (it holds ${file}). Wait until it ends.`)
      : new Error(`flock of ${file} failed (exit code ${String(first)})`);
  }
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
