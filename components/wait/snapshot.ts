import type { ReplicaLine } from "../../contract/replica-log";

/** What Docker's API tells of a service at one moment; only what the decision needs. */
export interface Snapshot {
  /** Generation of the spec that swarm works towards; undefined if it has none. */
  readonly generation: string | undefined;
  readonly update: UpdateStatus | undefined;
  /** When the service was made or last changed, in ISO 8601. */
  readonly updated: string;
  readonly tasks: readonly Task[];
}

/** How far swarm is with the last update of a service, in its words. */
export interface UpdateStatus {
  readonly state: string;
  readonly message: string;
}

/** One task of a service: one container, or the attempt at one. */
export interface Task {
  readonly id: string;
  readonly slot: number;
  readonly generation: string | undefined;
  /** When it was created, in ISO 8601. */
  readonly created: string;
  readonly state: string;
  /** When it came to that state, in ISO 8601. */
  readonly changed: string;
  readonly desiredState: string;
  /** What went wrong, in swarm's words; empty if nothing did. */
  readonly error: string;
  readonly exitCode: number | undefined;
}

/** What a replica itself said in its log, by task. */
export interface Said {
  readonly online: boolean;
  /** Its last line but for `online`: why it waits, or was refused. */
  readonly last: ReplicaLine | undefined;
  /** When the token of its runner expires, in ISO 8601; undefined if it does not, or it did not say. */
  readonly tokenExpiresAt?: string | undefined;
}
