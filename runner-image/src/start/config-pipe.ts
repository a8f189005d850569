import {
  closeSync,
  constants,
  openSync,
  renameSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../system/clock";
import { writeDraft, writePrivate } from "../system/files";

/**
 * How long a pipe may stay full. After that, nobody is assumed to read it; a later gitlab-runner
 * reads the file.
 */
const FULL_MS = 2_000;
const PAUSE_MS = 5;

/**
 * Publishes gitlab-runner's configuration at its path. entrypoint.sh may have started gitlab-runner
 * already: then the path is a pipe, and gitlab-runner waits to read from it.
 * @returns a function that feeds the pipe; the pipe stays open until it is called, so that
 * gitlab-runner keeps waiting
 */
export function publishConfig(path: string, text: string): () => Promise<void> {
  const createdAt = findPipeTime(path);
  if (createdAt === undefined) {
    writePrivate(path, text);
    return () => Promise.resolve();
  }
  const draft = writeDraft(path, text);
  // The file gets the pipe's time, because gitlab-runner would load a newer file again.
  utimesSync(draft, createdAt, createdAt);
  // O_RDWR, so that `open` does not block until a reader appears, nor block a reader that opens the
  // pipe at the same time.
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  renameSync(draft, path);
  return async () => {
    try {
      await writeAll(pipe, Buffer.from(text));
    } finally {
      closeSync(pipe);
    }
  };
}

/**
 * Writes as much as the pipe takes: 64 KiB at once, or less if the kernel is short of buffers.
 */
async function writeAll(pipe: number, bytes: Buffer): Promise<void> {
  let [written, deadlineMs] = [0, monotonicMs() + FULL_MS];
  while (written < bytes.length && monotonicMs() < deadlineMs) {
    const taken = tryToWrite(pipe, bytes.subarray(written));
    written += taken;
    if (taken > 0) deadlineMs = monotonicMs() + FULL_MS;
    else await sleep(PAUSE_MS);
  }
}

/** @returns how many bytes the pipe took; 0 if it is full */
function tryToWrite(pipe: number, bytes: Buffer): number {
  try {
    return writeSync(pipe, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

/** @returns undefined if the path is not a pipe */
function findPipeTime(path: string): Date | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFIFO() === true ? new Date(Math.floor(found.mtimeMs)) : undefined;
}
