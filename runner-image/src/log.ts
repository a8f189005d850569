import { writeSync } from "node:fs";
import { redactForms } from "../../contract/looks-like-secret";
import { toPlainText } from "../../contract/plain-text";
import { MIN_SECRET_LENGTH, redactSecrets } from "../../contract/redact";
import { formatReplicaLine, type ReplicaStatus } from "../../contract/replica-log";

/** Reports in one log line what happened. */
export type Report = (state: ReplicaStatus, message: string) => void;

/**
 * Creates the log of a replica: lines on standard output that never contain a secret.
 * @param secrets strings to redact in messages; may grow
 */
export function createLog(secrets: readonly string[]): Report {
  return (state, message) => {
    write(1, `${formatReplicaLine({ state, message: redact(message, secrets) })}\n`);
  };
}

/**
 * Writes to standard output (1) or error (2). A replica must be able to deregister even if nobody
 * reads its output.
 */
function write(descriptor: 1 | 2, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {
    // There is nowhere else to report this.
  }
}

/** Writes an error's stack trace to standard error. @param secrets strings to redact */
export function writeStack(error: unknown, secrets: readonly string[]): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(2, `${redact(text, secrets)}\n`);
}

/**
 * Turns a text into plain text, then redacts secrets in it. In the other order, a secret with an
 * invisible character in it would not be found, and would be readable once the character is
 * removed. A text from gitlab-runner or an engine may contain a secret that is not a setting, so
 * what looks like one is redacted too. A short string is kept, because it may be a word of a line
 * that tools parse.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const long = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return redactForms(redactSecrets(toPlainText(text), long));
}
