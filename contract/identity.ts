import { createHash } from "node:crypto";

/**
 * What makes a replica the one that it is; the first three are those of its environment (TASK_ENV).
 */
export interface ReplicaIdentity {
  /** `NAME/ID` of the pool's service, or another text that names the pool. */
  readonly pool: string;
  /** The swarm node, or another text that names the machine; empty where nothing tells it. */
  readonly node: string;
  readonly slot: string;
  /**
   * Tells the replicas of one slot on one node apart: the number of the place that a replica holds
   * for as long as its container lives. Where there is no folder for places, any text that says as
   * much as is known.
   */
  readonly place: string;
}

/**
 * Places of one slot on one node, that is how many replicas of it may live there at the same time:
 * one runs, the others drain. Swarm gives a slot out again while its last replica drains, which may
 * take hours.
 */
export const MAX_PLACES = 100;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters of a system ID that tell the pool, and those that tell the replica in it. */
const PREFIX_LENGTH = 4;
const REPLICA_LENGTH = 8;

/**
 * The system ID by which GitLab tells the replicas of one token apart: `r_` and 12 letters and
 * digits. It is derived, so that a replica that was killed comes back as the one that GitLab knows.
 * Its first part is the pool's mark.
 */
export function getSystemId({ pool, node, slot, place }: ReplicaIdentity): string {
  const replica = JSON.stringify([pool, node, slot, place]);
  return `${getSystemIdPrefix(pool)}${digest(replica, REPLICA_LENGTH)}`;
}

/** System IDs that a replica of a slot on a node may have, one for each place. */
export function listSystemIds(replica: Omit<ReplicaIdentity, "place">): readonly string[] {
  return Array.from({ length: MAX_PLACES }, (_, place) =>
    getSystemId({ ...replica, place: String(place) }),
  );
}

/**
 * How the system IDs of all replicas of a pool begin: by it, what a pool left behind in GitLab can
 * be told from what is not its own. It depends on the service's name alone: a service that was
 * deleted and created again has the same.
 */
export function getSystemIdPrefix(pool: string): string {
  const [name = ""] = pool.split("/");
  return `r_${digest(name, PREFIX_LENGTH)}`;
}

/** A hash of a text in letters and digits. */
function digest(text: string, length: number): string {
  let rest = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
  let characters = "";
  while (characters.length < length) {
    characters += ALPHABET.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return characters;
}
