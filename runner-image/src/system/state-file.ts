import type { Engine } from "./engine/engine";
import { readIfThere, writePrivate } from "./files";

/** What the system IDs of a pool's replicas on one node have in common. */
export interface PoolOnNode {
  /** `NAME/ID` of the service. */
  readonly pool: string;
  /** ID of the node. */
  readonly node: string;
}

/** What `start` passes to the other subcommands. */
export interface StateFile {
  readonly gitlabUrl: string;
  /** Authentication token of the runner. */
  readonly token: string;
  /** Values that no log may show. */
  readonly secrets: readonly string[];
  readonly systemId: string;
  /** No other running replica can have the same system ID. */
  readonly ownsSystemId: boolean;
  readonly runnerId: number;
  /** This replica registered the runner, so it deletes the runner and not only its manager. */
  readonly ownsRunner: boolean;
  /** It has a registration token: if its runner is gone, it can register another. */
  readonly canRegister: boolean;
  /** The file that it holds as its place; null without a places folder. */
  readonly place: string | null;
  /** The engine that runs its jobs; null if none does, or only gitlab-runner can reach it. */
  readonly engine: Engine | null;
  /** It removes the volumes of its jobs, and those of earlier replicas that have ended. */
  readonly tidiesUp: boolean;
  /** Null if its system ID depends on something else. */
  readonly poolOnNode: PoolOnNode | null;
  /** Above this, unused images are removed; null if they never are. */
  readonly imageLimit: ImageLimit | null;
  /** Maximum number of concurrent jobs. */
  readonly concurrent: number;
  readonly drainTimeoutSeconds: number;
  /** Port of gitlab-runner's metrics, on 127.0.0.1. */
  readonly metricsPort: number;
  /** When GitLab accepted the replica, by `monotonicMs`. */
  readonly acceptedAtMs: number;
  /** When the token expires, ISO 8601; null if it does not. */
  readonly tokenExpiresAt: string | null;
}

/** Up to which point a disk may be filled, and what is never removed from it. */
export interface ImageLimit {
  /** Percentage of the engine's disk. */
  readonly percent: number;
  /** ID of the replica's own container; null outside one. */
  readonly ownContainer: string | null;
  /** The configured helper image; null for gitlab-runner's own. */
  readonly helperImage: string | null;
}

export function writeState(path: string, state: StateFile): void {
  writePrivate(path, JSON.stringify(state));
}

/** @throws Error if `start` has not written it */
export function readState(path: string): StateFile {
  const text = readIfThere(path);
  if (text === undefined) throw new Error(`${path} is missing: the replica was not started`);
  return JSON.parse(text) as StateFile;
}
