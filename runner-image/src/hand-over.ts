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
import { writeDraft, writePrivate } from "./files";

/** How long a pipe that is full may stay so (ms): nobody reads it then, and who comes later reads the file. */
const FULL_MS = 2_000;
const PAUSE_MS = 5;

/**
 * Puts gitlab-runner's configuration in its place. entrypoint.sh may have started gitlab-runner already: then a pipe lies there,
 * and gitlab-runner waits for what comes out of it.
 * @returns gives it to a gitlab-runner that waits; the pipe is open until then, so that it goes on waiting
 */
export function placeConfig(path: string, text: string): () => Promise<void> {
  const made = pipeMadeAt(path);
  if (made === undefined) {
    writePrivate(path, text);
    return () => Promise.resolve();
  }
  const draft = writeDraft(path, text);
  // As old as the pipe: gitlab-runner would load a younger one once more.
  utimesSync(draft, made, made);
  // For reading too: so opening it waits for nobody, and does not keep a gitlab-runner waiting that opens it now.
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

/** Writes all that is taken; a pipe takes 64 KiB at once, or less where the kernel is short of them. */
async function writeAll(pipe: number, bytes: Buffer): Promise<void> {
  let [written, deadline] = [0, Date.now() + FULL_MS];
  while (written < bytes.length && Date.now() < deadline) {
    const taken = tryToWrite(pipe, bytes.subarray(written));
    written += taken;
    if (taken > 0) deadline = Date.now() + FULL_MS;
    else await sleep(PAUSE_MS);
  }
}

/** @returns bytes that it took; none if it is full */
function tryToWrite(pipe: number, bytes: Buffer): number {
  try {
    return writeSync(pipe, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

/** @returns undefined if there is no pipe */
function pipeMadeAt(path: string): Date | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFIFO() === true ? new Date(Math.floor(found.mtimeMs)) : undefined;
}
