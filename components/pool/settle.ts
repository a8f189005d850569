import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { readPoolTasks } from "../wait/read-snapshot";
import { findPoolService, type ServiceFacts } from "../wait/service-facts";
import type { Task } from "../wait/snapshot";

/** States in which Swarm is working on an update. */
const UPDATING_STATES = ["updating", "rollback_started"];

/** How often and how long the service is checked. Swarm monitors new replicas for 5 s. */
const INTERVAL_MS = 250;
const TIMEOUT_MS = 15_000;

/** What this update requests of a service. */
export interface RequestedSpec {
  readonly generation: string;
  /** Undefined for a global service. */
  readonly replicas: number | undefined;
}

/**
 * Waits until Swarm is not about to write to a service. Swarm writes when an update completes. If
 * that happens between the provider's read and its write, Docker rejects the change with
 * `update out of sequence`.
 */
export async function waitUntilSettled(
  serviceName: string,
  requested: RequestedSpec,
  api: ObjectReader,
): Promise<void> {
  const deadlineMs = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const service = await findPoolService(api, serviceName);
    if (service === undefined || !isChanged(service, requested)) return;
    if (!mayWriteSoon(service, await readPoolTasks(api, service.id))) return;
    await sleep(INTERVAL_MS);
  }
}

function isChanged(service: ServiceFacts, { generation, replicas }: RequestedSpec): boolean {
  return service.generation !== generation || service.replicas !== replicas;
}

/**
 * Whether Swarm may complete an update at any moment. It cannot while a new replica is not running
 * yet, because it monitors the last one for 5 s after its start.
 */
export function mayWriteSoon(
  { update, generation }: ServiceFacts,
  tasks: readonly Task[],
): boolean {
  if (!UPDATING_STATES.includes(update?.state ?? "")) return false;
  return tasks
    .filter((task) => task.generation === generation && task.desiredState === "running")
    .every(({ state }) => state === "running");
}
