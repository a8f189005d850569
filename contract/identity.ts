import { createHash } from "node:crypto";

/** What makes a replica the one that it is; the values are those of its environment (REPLICA_ENV). */
export interface ReplicaIdentity {
  /** `NAME/ID` of the pool's service, or another text that names the pool. */
  readonly pool: string;
  readonly slot: string;
  readonly generation: string;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters of a system ID that tell the pool, and those that tell the replica in it. */
const POOL_LENGTH = 4;
const REPLICA_LENGTH = 8;

/**
 * The system ID by which GitLab tells the replicas of one token apart: `r_` and 12 letters and digits. It is derived, so
 * that a replica that was killed comes back as the one that GitLab knows. Its first part is the pool's mark.
 */
export function systemIdOf({ pool, slot, generation }: ReplicaIdentity): string {
  const replica = JSON.stringify([pool, slot, generation]);
  return `${poolMarkOf(pool)}${digest(replica, REPLICA_LENGTH)}`;
}

/**
 * How the system IDs of all replicas of a pool begin: by it, what a pool left behind in GitLab can be told from what is
 * not its own. It depends on the service's name alone: a service that was deleted and created again has the same.
 */
export function poolMarkOf(pool: string): string {
  const [name = ""] = pool.split("/");
  return `r_${digest(name, POOL_LENGTH)}`;
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
