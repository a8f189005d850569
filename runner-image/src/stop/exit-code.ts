import { closeSync, constants, openSync, writeSync } from "node:fs";

/**
 * Tells entrypoint.sh that the replica has ended, and its exit code. If a process ends without
 * this, it has crashed or was killed, and the shell starts another process.
 * @param path the pipe that entrypoint.sh reads; it can be written even if the folder is full or
 * read-only
 */
export function writeExitCode(path: string, code: number): void {
  try {
    // O_NONBLOCK, so that `open` does not wait for a shell that has ended.
    const pipe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      writeSync(pipe, `${code}\n`);
    } finally {
      closeSync(pipe);
    }
  } catch {
    // Without a pipe, the shell uses the exit code of this process.
  }
}
