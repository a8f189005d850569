import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Refusal } from "./refusal";

export interface LockOptions {
  /** Milliseconds to wait for another holder. @default none: refuses at once */
  readonly waitMs?: number;
  /** What the holder does, as the end of "another process …". */
  readonly what: string;
}

const LOCKED = "locked";

/** flock's answer when another process holds the lock. */
const CONFLICT = 75;

/**
 * Works under a lock that the kernel holds for as long as this process lives, so that none is left over after a `kill -9`.
 * @throws Refusal when another process holds it
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
  // `cat` ends, and with it the lock, when our end of its standard input closes: at the latest with this process.
  const holder = spawn(
    "flock",
    [
      ...["--exclusive", "--no-fork", "--conflict-exit-code", String(CONFLICT)],
      ...["--timeout", String(waitMs / 1000), file],
      ...["sh", "-c", `echo ${LOCKED}; exec cat`],
    ],
    // A terminal's Ctrl-C goes to its whole process group; the lock must outlive it while this process winds down.
    { stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  const ended = once(holder, "exit") as Promise<[number | null]>;
  const [first] = (await Promise.race([once(holder.stdout, "data"), ended])) as [unknown];
  if (!Buffer.isBuffer(first)) {
    throw first === CONFLICT
      ? new Refusal(`another process ${what} (it holds ${file}); wait for its end`)
      : new Error(`flock of ${file} failed (exit code ${String(first)})`);
  }
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
