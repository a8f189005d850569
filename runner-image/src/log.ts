import { writeSync } from "node:fs";
import { formatReplicaLine, type ReplicaState } from "../../contract/replica-log";

/** Says in one line what happened. */
export type Say = (state: ReplicaState, message: string) => void;

/**
 * Makes the log of a replica: lines on standard output, where no secret ever stands.
 * @param secrets texts that are blotted out, should a message hold one; may grow
 */
export function createLog(secrets: readonly string[]): Say {
  return (state, message) => {
    const safe = secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), message);
    writeSync(1, `${formatReplicaLine({ state, message: safe })}\n`);
  };
}
