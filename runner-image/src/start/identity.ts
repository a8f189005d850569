import { hostname } from "node:os";
import { getSystemId } from "../../../contract/identity";
import { readContainerId, readMachineId } from "./machine";
import type { ReplicaSettings } from "../settings/settings";
import { findTask, type SwarmTask } from "./swarm-task";

/** Who a replica is. */
export interface Identity {
  readonly systemId: string;
  /** Follows `runnerName` in the runner's description: its slot, or the name of its node. */
  readonly slot: string;
  /** What identifies it: the place that it holds, its slot in Swarm, or its container. */
  readonly by: "place" | "slot" | "container";
  /** No other running replica can have the same system ID. */
  readonly ownsSystemId: boolean;
}

/** What identifies a replica besides its settings. */
export interface HostFacts {
  /** The file that it holds as its place, `…/SLOT.NUMBER`; undefined without a places folder. */
  readonly place: string | undefined;
  readonly task: SwarmTask | undefined;
  readonly containerId: string | undefined;
  readonly machineId: string;
  readonly hostname: string;
}

/** Identifies this replica. Asks Docker's DNS for its slot if the settings do not have it. */
export async function identify(
  settings: ReplicaSettings,
  place: string | undefined,
): Promise<Identity> {
  return deriveIdentity(settings, {
    place,
    task: settings.slot === undefined ? await findTask() : undefined,
    containerId: readContainerId(),
    machineId: readMachineId(),
    hostname: hostname(),
  });
}

/**
 * Derives a replica's identity. With a place, no other running replica has the same identity.
 * Without one, two replicas can share an identity: Swarm may reuse a slot while its last replica
 * drains.
 */
export function deriveIdentity(
  { pool, runnerName, node, nodeName, slot: given, generation = "" }: ReplicaSettings,
  { place, task, containerId, machineId, hostname: host }: HostFacts,
): Identity {
  const number = place === undefined ? undefined : /\.(\d+)$/.exec(place)?.[1];
  const slot = given ?? task?.slot;
  // The container's ID comes first because containers can share the machine's host name.
  const container = number === undefined ? (containerId ?? host) : "";
  const systemId = getSystemId({
    pool: pool ?? task?.service ?? runnerName,
    // A place is unique on its machine only, and a name from DNS in its swarm only, so both need
    // the machine's ID. A slot that a user sets identifies the replica on every machine.
    node: node ?? (given !== undefined && number === undefined ? "" : machineId),
    slot: slot ?? container,
    place: number ?? generation,
  });
  const unplaced = slot === undefined ? "container" : "slot";
  const by = number === undefined ? unplaced : "place";
  // Containers can share a host name. A container that was restarted has the same ID.
  const ownsSystemId = by === "place" || (by === "container" && containerId !== undefined);
  return { systemId, slot: nodeName ?? slot ?? host, by, ownsSystemId };
}
