import type { Node } from "../../docker-engine/nodes";
import { listSome } from "./list-some";
import { hasReservations, type TaskOnNode } from "./request";
import { formatResources } from "./reservations";
import { sumResources } from "./room";

/** The names of services, by their IDs. This pool's own service is not among them. */
export type ServiceNames = ReadonlyMap<string, string>;

/** Names the services that reserve resources on the given nodes; empty if there are none. */
export function describeHolders(
  nodes: readonly Node[],
  tasks: readonly TaskOnNode[],
  services: ServiceNames,
): string {
  const ids = new Set(nodes.map(({ id }) => id));
  const held = tasks.filter(
    ({ nodeId, reservations, serviceId }) =>
      ids.has(nodeId) && services.has(serviceId) && hasReservations(reservations),
  );
  const holders = [...services].flatMap(([id, name]) => {
    const own = held.filter(({ serviceId }) => serviceId === id);
    return own.length === 0
      ? []
      : [`${name} reserves ${formatResources(sumResources(own.map((one) => one.reservations)))}`];
  });
  return holders.length === 0 ? "" : `; there, service ${listSome(holders)}`;
}
