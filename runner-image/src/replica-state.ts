import { readIfThere, writePrivate } from "./files";

/** What `start` leaves to the other sub-commands. */
export interface ReplicaState {
  readonly gitlabUrl: string;
  /** Authentication token of the runner. */
  readonly token: string;
  readonly systemId: string;
  readonly runnerId: number;
  /** This replica registered the runner itself, so it removes the whole runner and not only its manager. */
  readonly ownsRunner: boolean;
  /** Jobs that run at once. */
  readonly concurrent: number;
  /** Seconds. */
  readonly drainTimeout: number;
  /** Of gitlab-runner's metrics, on 127.0.0.1. */
  readonly metricsPort: number;
  /** When GitLab accepted the replica, epoch milliseconds. */
  readonly acceptedAt: number;
  /** When the token expires, ISO 8601; null if it does not. */
  readonly tokenExpiresAt: string | null;
}

export function writeState(path: string, state: ReplicaState): void {
  writePrivate(path, JSON.stringify(state));
}

/** @throws Error if `start` has left nothing */
export function readState(path: string): ReplicaState {
  const text = readIfThere(path);
  if (text === undefined) throw new Error(`${path} is missing: the replica was not started`);
  return JSON.parse(text) as ReplicaState;
}
