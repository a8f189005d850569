import { getSystemId, listSystemIds } from "../../contract/identity";
import { explainPullFailure } from "../../contract/pull-failure";
import { toPlainLine } from "../../contract/plain-text";
import { expandSettings, TASK_ENV } from "../../contract/replica-env";
import { defaultOf, envOf } from "../../contract/settings/keys";
import type { Task as ApiTask } from "../../docker-engine/tasks";
import { expandTemplate } from "./template";

/** The default for the first part of a replica's description. */
export const RUNNER_NAME = defaultOf("runnerName") ?? "";

/** The settings of a replica, by variable. */
export type ReplicaVariables = Readonly<Record<string, string | undefined>>;

/** A task of a pool: one replica, or an attempt to start one. */
export interface Task {
  readonly id: string;
  /** From 1; 0 for a task of a global service, which is known by its node. */
  readonly slot: number;
  /** Host name of its node; empty while it has no node. */
  readonly node: string;
  /** In ISO 8601. */
  readonly created: string;
  /** When it entered this state, in ISO 8601. */
  readonly since: string;
  readonly state: string;
  readonly desiredState: string;
  /** Swarm's error, if there is one. */
  readonly message: string;
  /** Tag of its image. */
  readonly image: string;
  /**
   * System IDs that its replica may have, most likely first. The replica logs the one that it has.
   */
  readonly systemIds: readonly string[];
}

/**
 * Reads a task of a pool's service.
 * @param hosts host names of the nodes, by ID
 */
export function readTask(
  task: ApiTask,
  serviceName: string,
  hosts: ReadonlyMap<string, string>,
): Task {
  const { id, slot, created, changed, state, desiredState, error, message } = task;
  const node = toPlainLine(hosts.get(task.nodeId) ?? "");
  return {
    ...{ id, slot, node, created, state, desiredState, since: changed },
    message: error === "" ? toPlainLine(message) : explainPullFailure(toPlainLine(error), node),
    image: imageTag(task.image),
    systemIds: deriveSystemIds(task, serviceName),
  };
}

/**
 * Lists the system IDs that a task's replica may derive from its environment or its host name.
 */
function deriveSystemIds(task: ApiTask, serviceName: string): readonly string[] {
  const { nodeId: node, slot } = task;
  const own = parseSettings(task.env);
  const settings = own instanceof Error ? {} : own;
  const hostname = task.hostname ?? task.containerId.slice(0, 12);
  // Swarm gives the tasks of a global service the ID of their node as their slot.
  const values = {
    service: { id: task.serviceId, name: serviceName },
    slot: slot === 0 ? node : slot,
    node,
  };
  const text = (value: string | undefined) => expandTemplate(value ?? "", values);
  const replica = {
    pool: text(settings[TASK_ENV.pool] ?? settings[envOf("runnerName")] ?? RUNNER_NAME),
    node: text(settings[TASK_ENV.node]),
    slot: text(settings[TASK_ENV.slot] ?? hostname),
  };
  const withoutPlace = getSystemId({ ...replica, place: text(settings[TASK_ENV.generation]) });
  return [...listSystemIds(replica), withoutPlace];
}

/**
 * Reads the settings of a replica from its environment.
 * @returns an error if they cannot be parsed, for example because they belong to another program
 */
export function parseSettings(env: ApiTask["env"]): ReplicaVariables | Error {
  try {
    return expandSettings(env);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function imageTag(image: string): string {
  const [name = ""] = image.split("@");
  return /:([^:/]+)$/.exec(name)?.[1] ?? "latest";
}
