import { spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getSystemId, getSystemIdPrefix } from "../../../contract/identity";
import type { PoolOnNode } from "../system/state-file";

/** A place that replicas on this node held at some time, or hold. */
export interface Place {
  readonly path: string;
  /** The system ID of the replica that holds it, and that of a killed one that wrote another. */
  readonly systemIds: readonly string[];
}

/**
 * Lists the places of a pool on this node. Nobody ever deletes their files, so every replica of the
 * service that ran on this node has one.
 * @param folder the folder that the pool's replicas on this node share
 */
export function listPlaces(folder: string, { pool, node }: PoolOnNode): readonly Place[] {
  return readdirSync(folder).flatMap((name) => {
    const [, slot, place] = /^([0-9A-Za-z_-]+)\.(\d{1,2})$/.exec(name) ?? [];
    if (slot === undefined || place === undefined) return [];
    const path = join(folder, name);
    const derived = getSystemId({ pool, node, slot, place });
    return [{ path, systemIds: [...new Set([derived, ...readRecorded(path, pool)])] }];
  });
}

/** Reads the system ID in a place. That of an earlier service of the same name is another one. */
function readRecorded(path: string, pool: string): readonly string[] {
  try {
    const systemId = readFileSync(path, "utf8").trim();
    const isOfPool = systemId.startsWith(getSystemIdPrefix(pool));
    return isOfPool && /^r_[0-9a-zA-Z]{12}$/.test(systemId) ? [systemId] : [];
  } catch {
    return [];
  }
}

/** A locked file. No replica can take this place until the lock is released. */
export interface Lock {
  readonly release: () => void;
}

/**
 * Locks an existing file, as a replica locks its place (place.sh).
 * @returns undefined if a replica holds it, or it cannot be locked
 */
export function lockFile(path: string, create = false): Lock | undefined {
  let file: number;
  try {
    file = openSync(path, create ? "a" : "r+", 0o600);
  } catch {
    return undefined;
  }
  // The lock belongs to the open file, so it lasts until this process closes it or ends.
  const { status } = spawnSync("flock", ["-n", "3"], {
    stdio: ["ignore", "ignore", "ignore", file],
  });
  const release = () => {
    closeSync(file);
  };
  if (status === 0) return { release };
  release();
  return undefined;
}

/** Locks all of these places, or none. @returns undefined if a replica holds one of them */
export function lockPlaces(paths: readonly string[]): Lock | undefined {
  const locks: Lock[] = [];
  const release = () => {
    for (const lock of locks) lock.release();
  };
  for (const path of paths) {
    const lock = lockFile(path);
    if (lock === undefined) {
      release();
      return undefined;
    }
    locks.push(lock);
  }
  return { release };
}

/** Whether a replica holds a place. */
export function isHeld(path: string): boolean {
  const lock = lockFile(path);
  lock?.release();
  return lock === undefined;
}
