import { isDeepStrictEqual } from "node:util";
import { nextId, type Instance } from "./instance";
import type { Manager, ManagerDetails, Runner } from "./types";

/** System ID of the manager that a request without a system ID creates. */
const LEGACY_SYSTEM_ID = "<legacy>";

const NO_DETAILS: ManagerDetails = {
  version: null,
  revision: null,
  platform: null,
  architecture: null,
  executor: null,
  ipAddress: null,
  features: {},
};

export function listManagers(instance: Instance, runnerId: number): readonly Manager[] {
  return [...instance.managers.values()].filter((manager) => manager.runnerId === runnerId);
}

export function findManager(
  instance: Instance,
  runnerId: number,
  systemId: string,
): Manager | undefined {
  return listManagers(instance, runnerId).find((manager) => manager.systemId === systemId);
}

/**
 * Finds or creates the manager of a runner with a system ID, as every verify, reset and job request
 * does.
 */
export function ensureManager(
  instance: Instance,
  runner: Runner,
  systemId: string | undefined,
): Manager {
  const name = systemId ?? LEGACY_SYSTEM_ID;
  const found = findManager(instance, runner.id, name);
  if (found !== undefined) return found;
  const manager: Manager = {
    id: nextId(instance, "manager"),
    runnerId: runner.id,
    systemId: name,
    createdAt: instance.clock.now(),
    updatedAt: instance.clock.now(),
    contactedAt: null,
    contactedColumn: null,
    details: NO_DETAILS,
  };
  instance.managers.set(manager.id, manager);
  instance.events.add({ kind: "manager", change: "created", ...managerKeys(manager) });
  return manager;
}

/** Removes the manager. The last one also clears the runner's contact time. */
export function removeManager(instance: Instance, manager: Manager): void {
  instance.managers.delete(manager.id);
  instance.events.add({ kind: "manager", change: "removed", ...managerKeys(manager) });
  const runner = instance.runners.get(manager.runnerId);
  if (runner !== undefined && listManagers(instance, runner.id).length === 0) {
    runner.contactedAt = null;
    runner.contactedColumn = null;
  }
}

function managerKeys({ id, runnerId, systemId }: Manager): {
  managerId: number;
  runnerId: number;
  systemId: string;
} {
  return { managerId: id, runnerId, systemId };
}

/** Records a contact of a runner and, if given, its manager. */
export function heartbeat(
  instance: Instance,
  runner: Runner,
  manager?: Manager,
  details?: ManagerDetails,
): void {
  touch(instance, runner);
  if (manager === undefined) return;
  touch(instance, manager);
  if (details === undefined || isDeepStrictEqual(details, manager.details)) return;
  manager.details = details;
  manager.updatedAt = instance.clock.now();
}

/**
 * Single objects show the exact time. To save database writes, the column behind lists and cleanup
 * is only written if it is empty or older than 40 to 55 minutes.
 */
function touch(instance: Instance, row: Runner | Manager): void {
  const now = instance.clock.now();
  row.contactedAt = now;
  const patience = (40 + Math.random() * 15) * 60_000;
  if (row.contactedColumn === null || row.contactedColumn <= now - patience) {
    row.contactedColumn = now;
  }
}
