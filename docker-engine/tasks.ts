import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";
import { toTaskSpec, taskSpecSchema, type TaskSpec } from "./task-spec";

/** A task of a service: one container, or an attempt to start one. */
export interface Task extends TaskSpec {
  readonly id: string;
  readonly serviceId: string;
  /** From 1; 0 for a task of a global service. */
  readonly slot: number;
  /** Empty until the task has a node. */
  readonly nodeId: string;
  /** Empty until the task has a container. */
  readonly containerId: string;
  /** When it was created, in ISO 8601. */
  readonly created: string;
  readonly state: string;
  /** When the task reached that state, by its node's clock, in ISO 8601. */
  readonly changed: string;
  readonly desiredState: string;
  /** Swarm's message about the state. */
  readonly message: string;
  /** Swarm's error; empty if there is none. */
  readonly error: string;
  readonly exitCode: number | undefined;
  /** Increases with every change in the swarm, so it orders events without clocks. */
  readonly index: number;
}

const schema = z.object({
  ID: z.string(),
  Version: z.optional(z.object({ Index: z.optional(z.number()) })),
  ServiceID: z.optional(z.string()),
  Slot: z.optional(z.number()),
  NodeID: z.optional(z.string()),
  CreatedAt: z.string(),
  DesiredState: z.string(),
  Spec: taskSpecSchema,
  Status: z.object({
    State: z.string(),
    Timestamp: z.optional(z.string()),
    Message: z.optional(z.string()),
    Err: z.optional(z.string()),
    ContainerStatus: z.nullish(
      z.object({ ContainerID: z.optional(z.string()), ExitCode: z.optional(z.number()) }),
    ),
  }),
});

/** States of tasks that have ended. */
const ENDED = ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"];

/** Whether a task has ended: its container has exited or was never created. */
export function hasEnded({ state }: Pick<Task, "state">): boolean {
  return ENDED.includes(state);
}

/** Reads the tasks of a service, or of all services. */
export async function readTasks(
  engine: ObjectReader,
  serviceId?: string,
): Promise<readonly Task[]> {
  const query = serviceId === undefined ? undefined : { filters: { service: [serviceId] } };
  return (await readObject(engine, "/tasks", z.array(schema), query)).map(toTask);
}

function toTask(task: z.infer<typeof schema>): Task {
  const { Status, CreatedAt } = task;
  return {
    ...toTaskSpec(task.Spec),
    id: task.ID,
    serviceId: task.ServiceID ?? "",
    slot: task.Slot ?? 0,
    nodeId: task.NodeID ?? "",
    containerId: Status.ContainerStatus?.ContainerID ?? "",
    created: CreatedAt,
    state: Status.State,
    changed: Status.Timestamp ?? CreatedAt,
    desiredState: task.DesiredState,
    message: Status.Message ?? "",
    error: Status.Err ?? "",
    exitCode: Status.ContainerStatus?.ExitCode,
    index: task.Version?.Index ?? 0,
  };
}
