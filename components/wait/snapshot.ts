import type { ReplicaLine } from "../../contract/replica-log";
import type { Node } from "../../docker-engine/nodes";
import type { UpdateStatus } from "../../docker-engine/services";
import type { Task as ApiTask } from "../../docker-engine/tasks";

/** A service at one point in time, limited to what `assessRollout` needs. */
export interface Snapshot {
  /** Generation of the spec that Swarm is rolling out; undefined if the spec has none. */
  readonly generation: string | undefined;
  readonly update: UpdateStatus | undefined;
  readonly tasks: readonly Task[];
  /** The nodes that must have a replica of a global service; undefined for a replicated one. */
  readonly nodes?: readonly Pick<Node, "id" | "name">[];
}

/** One task of a pool: a replica, or an attempt to start one. */
export interface Task extends Pick<
  ApiTask,
  | "id"
  | "slot"
  | "nodeId"
  | "created"
  | "state"
  | "changed"
  | "index"
  | "desiredState"
  | "error"
  | "exitCode"
> {
  readonly generation: string | undefined;
  /** Name of its node, if that could not pull the image. */
  readonly node?: string;
}

/** What a replica has reported in its log. */
export interface ReplicaReport {
  /** Whether its latest report is that it is online. */
  readonly online: boolean;
  /**
   * Why it is not online: its last line of state `waiting`, `refused` or `not deregistered`, or the
   * `warning` that gitlab-runner exited.
   */
  readonly last: ReplicaLine | undefined;
  /** Whether it has ever been online. */
  readonly wasOnline?: boolean;
  /** Whether its gitlab-runner exited by itself. */
  readonly hasRunnerExited?: boolean;
  /**
   * When its runner's token expires, in ISO 8601; undefined if it does not expire or is unknown.
   */
  readonly tokenExpiresAt?: string | undefined;
}

/** The report of each replica, by the ID of its task. */
export type ReportsByTask = ReadonlyMap<string, ReplicaReport>;
