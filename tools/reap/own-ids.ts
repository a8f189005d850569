import { getSystemId } from "../../contract/identity";
import { expandTemplate } from "../docker/template";
import type { Pool } from "../docker/pools";

/** Number of slots to search even if the service has fewer now. */
const SLOTS = 100;

/**
 * Number of places to search per slot and node. More replicas of one slot hardly ever run at the
 * same time.
 */
const PLACES = 20;

/**
 * Selects the system IDs that a replica of a service has or had on a node of this swarm. A service
 * of the same name in another swarm has other system IDs, because they depend on the IDs of the
 * service and the node.
 * @param serviceIds IDs of the pool's service, and of earlier services that count as the pool's
 * @returns undefined if unknown, because the service does not pass its ID to the replicas
 */
export function ownSystemIds(
  systemIds: readonly string[],
  pool: Pool,
  serviceIds: readonly string[],
): readonly string[] | undefined {
  const { poolTemplate, nodeIds, name, tasks, desired } = pool;
  if (poolTemplate === undefined || systemIds.length === 0) return undefined;
  const sought = new Set(systemIds);
  const own: string[] = [];
  const slots = Math.max(SLOTS, desired, ...tasks.map(({ slot }) => slot));
  for (const id of serviceIds) {
    const text = expandTemplate(poolTemplate, { service: { id, name } });
    for (const [place, slot, node] of identities(slots, nodeIds)) {
      if (own.length === sought.size) return own;
      const systemId = getSystemId({ pool: text, node, slot, place: String(place) });
      if (sought.has(systemId)) own.push(systemId);
    }
  }
  return own;
}

/** Yields the most likely identities first. */
function* identities(
  slots: number,
  nodes: readonly string[],
): Generator<readonly [place: number, slot: string, node: string]> {
  for (let place = 0; place < PLACES; place += 1) {
    // The slot of a global service is the node.
    for (const node of nodes) yield [place, node, node];
    for (let slot = 1; slot <= slots; slot += 1) {
      for (const node of nodes) yield [place, String(slot), node];
    }
  }
}
