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
    write(1, `${formatReplicaLine({ state, message: blotOut(message, secrets) })}\n`);
  };
}

/** Writes to standard output (1) or error (2). That nobody reads it must not keep a replica from leaving GitLab. */
function write(descriptor: 1 | 2, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {
    // There is no other place to say it.
  }
}

/** Writes where an error came from to standard error. @param secrets texts that are blotted out */
export function writeStack(error: unknown, secrets: readonly string[]): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(2, `${blotOut(text, secrets)}\n`);
}

/** Replaces secrets in a text, plain and in the forms in which errors and dumps show them. */
export function blotOut(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, "[secret]"), text);
}

function formsOf(secret: string): readonly string[] {
  if (secret === "") return [];
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
  ];
}
