import { JOB_LABELS } from "../../../contract/job-labels";
import type { Engine } from "../system/engine/engine";
import { DEAD_STATES, readJobObjects } from "../system/engine/job-object-list";
import { listJobVolumes, removeVolume, type JobVolume } from "../system/engine/job-volumes";
import { formatFilters, listObjects, removeObject } from "../system/engine/requests";

/** What jobs of one runner manager left on an engine, or still use. */
export interface Leftovers {
  readonly systemId: string;
  readonly containers: readonly { readonly id: string; readonly isDead: boolean }[];
  /** IDs. */
  readonly networks: readonly string[];
  readonly volumes: readonly JobVolume[];
}

/** How many objects were removed. */
export interface Removed {
  readonly containers: number;
  readonly networks: number;
  readonly volumes: number;
}

export const NOTHING_REMOVED: Removed = { containers: 0, networks: 0, volumes: 0 };

export function addRemoved(one: Removed, other: Removed): Removed {
  return {
    containers: one.containers + other.containers,
    networks: one.networks + other.networks,
    volumes: one.volumes + other.volumes,
  };
}

/**
 * Lists everything that gitlab-runner created on an engine, by system ID.
 * @throws Error with the reason if the engine does not list it
 */
export async function listLeftovers(engine: Engine): Promise<readonly Leftovers[]> {
  const filters = formatFilters({ label: [`${JOB_LABELS.managed}=true`] });
  const containers = readJobObjects(await listObjects(engine, `/containers/json?all=1&${filters}`));
  const networks = readJobObjects(await listObjects(engine, `/networks?${filters}`));
  const volumes = await listJobVolumes(engine);
  const ids = new Set([...containers, ...networks, ...volumes].map(({ systemId }) => systemId));
  return [...ids].map((systemId) => {
    const isOwn = (object: { readonly systemId: string }) => object.systemId === systemId;
    return {
      systemId,
      containers: containers
        .filter(isOwn)
        .map(({ id, state }) => ({ id, isDead: DEAD_STATES.includes(state) })),
      networks: networks.filter(isOwn).map(({ id }) => id),
      volumes: volumes.filter(isOwn),
    };
  });
}

/**
 * Removes what a replica left that no longer runs. The order matters: a container uses networks and
 * volumes. What is in use stays.
 * @param endsJobs also remove running containers, which nothing controls anymore
 * @throws Error with the reason if the engine fails
 */
export async function removeLeftovers(
  engine: Engine,
  { containers, networks, volumes }: Leftovers,
  endsJobs: boolean,
): Promise<Removed> {
  let removed = NOTHING_REMOVED;
  const count = (kind: keyof Removed, isRemoved: boolean) => {
    if (isRemoved) removed = addRemoved(removed, { ...NOTHING_REMOVED, [kind]: 1 });
  };
  for (const { id, isDead } of containers) {
    if (!isDead && !endsJobs) continue;
    const force = endsJobs ? "force=1&" : "";
    const result = await removeObject(engine, `/containers/${id}?${force}v=1`);
    count("containers", result === "removed");
  }
  for (const id of networks) {
    const result = await removeObject(engine, `/networks/${id}`, { inUse: [403] });
    count("networks", result === "removed");
  }
  for (const volume of volumes) {
    count("volumes", (await removeVolume(engine, volume, VOLUME_LIMITS)) === "removed");
  }
  return removed;
}

/** A volume may hold gigabytes. */
const VOLUME_LIMITS = { timeoutMs: 600_000 };
