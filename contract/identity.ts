import { createHash } from "node:crypto";

/** The values that a replica's system ID depends on. TASK_ENV provides all except `place`. */
export interface ReplicaIdentity {
  /** `NAME/ID` of the pool's service, or another string that identifies the pool. */
  readonly pool: string;
  /** The swarm node, or another string that identifies the machine; empty if it is unknown. */
  readonly node: string;
  readonly slot: string;
  /**
   * Distinguishes the replicas of one slot on one node: the number of the place that a replica
   * holds until its container ends. Without the folder of places, another string that distinguishes
   * the replica as well as possible.
   */
  readonly place: string;
}

/**
 * How many places a slot has on a node. This limits how many of its replicas can live there at the
 * same time: one runs and the others drain, because Swarm reuses a slot while its last replica
 * drains, which may take hours.
 */
export const MAX_PLACES = 100;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** How many characters of a system ID identify the pool, and the replica within the pool. */
const PREFIX_LENGTH = 4;
const REPLICA_LENGTH = 8;

/**
 * Computes the system ID by which GitLab distinguishes the replicas of one token: `r_` and 12
 * letters and digits. It is not random, so a killed replica returns with the ID that GitLab knows.
 */
export function getSystemId({ pool, node, slot, place }: ReplicaIdentity): string {
  const replica = JSON.stringify([pool, node, slot, place]);
  return `${getSystemIdPrefix(pool)}${digest(replica, REPLICA_LENGTH)}`;
}

/** Lists the system IDs that a replica of a slot on a node can have, one for each place. */
export function listSystemIds(replica: Omit<ReplicaIdentity, "place">): readonly string[] {
  return Array.from({ length: MAX_PLACES }, (_, place) =>
    getSystemId({ ...replica, place: String(place) }),
  );
}

/**
 * Returns the prefix that the system IDs of all replicas of a pool share. The tools find a pool's
 * stale managers and runners by it. It depends only on the service's name, so a service that was
 * deleted and created again has the same prefix.
 */
export function getSystemIdPrefix(pool: string): string {
  const [name = ""] = pool.split("/");
  return `r_${digest(name, PREFIX_LENGTH)}`;
}

/** Hashes a string to letters and digits. */
function digest(text: string, length: number): string {
  let rest = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
  let characters = "";
  while (characters.length < length) {
    characters += ALPHABET.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return characters;
}
