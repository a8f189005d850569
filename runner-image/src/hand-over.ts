import {
  closeSync,
  constants,
  openSync,
  renameSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { writeDraft, writePrivate } from "./files";

/** What a pipe takes while nobody reads yet (bytes). */
const PIPE_SIZE = 65_536;

/**
 * Writes gitlab-runner's configuration. Where entrypoint.sh has started gitlab-runner already, a pipe lies in its place and
 * gitlab-runner waits for what comes out of it: all of it, or nothing if this fails.
 * @throws Error if it is too long for the pipe, or cannot be written
 */
export function handOver(path: string, text: string): void {
  const made = pipeMadeAt(path);
  if (made === undefined) {
    writePrivate(path, text);
    return;
  }
  const size = Buffer.byteLength(text);
  if (size > PIPE_SIZE) {
    throw new Error(
      `${path} would have ${size} bytes, ${PIPE_SIZE} are allowed: shorten the settings`,
    );
  }
  const draft = writeDraft(path, text);
  // As old as the pipe: gitlab-runner would load a younger one once more.
  utimesSync(draft, made, made);
  // For reading too: so it waits for nobody, and gitlab-runner, whenever it opens the pipe, finds it open.
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    writeSync(pipe, text);
    renameSync(draft, path);
  } finally {
    closeSync(pipe);
  }
}

/** @returns undefined if there is no pipe */
function pipeMadeAt(path: string): Date | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFIFO() === true ? new Date(Math.floor(found.mtimeMs)) : undefined;
}
