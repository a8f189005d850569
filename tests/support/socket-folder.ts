import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder for the sockets of engines. */
export interface SocketFolder {
  readonly path: string;
  /** Returns the path of a socket that does not exist yet. */
  readonly next: () => string;
  readonly remove: () => void;
}

export function createSocketFolder(): SocketFolder {
  const path = mkdtempSync(join(tmpdir(), "engine-"));
  let count = 0;
  return {
    path,
    next: () => {
      count += 1;
      return join(path, `${count}.sock`);
    },
    remove: () => {
      rmSync(path, { recursive: true });
    },
  };
}
