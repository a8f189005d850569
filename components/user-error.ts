import * as pulumi from "@pulumi/pulumi";
import { redactForms } from "../contract/looks-like-secret";
import { toPlainText } from "../contract/plain-text";

/**
 * Creates an error whose message is all that the user sees. It has no stack trace, because
 * Node.js 20 takes half a minute to color one with Pulumi's own sources: it loops on a path such as
 * `node_modules/@pulumi/resource.ts`. Control characters in the message are removed, and what looks
 * like a secret is redacted.
 */
export function userError(message: string): pulumi.RunError {
  return removeStack(new pulumi.RunError(prepare(message)));
}

/** Creates such an error for a resource, which Pulumi names with the message. */
export function userResourceError(
  message: string,
  resource: pulumi.Resource,
): pulumi.ResourceError {
  return removeStack(new pulumi.ResourceError(prepare(message), resource, true));
}

/**
 * Makes a promise safe to use as an input. If it rejects, the program ends with its error, and the
 * input stays pending. If the input itself rejected, Pulumi would print the names of all waiting
 * properties before the error. The error is thrown outside of all promises, because V8 searches for
 * a handler along every waiting promise, which takes half a minute and gigabytes of memory.
 */
export async function asInput<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
    return new Promise<never>(() => undefined);
  }
}

/** Returns the message of a value that was thrown. */
export function getMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function prepare(message: string): string {
  return redactForms(toPlainText(message));
}

function removeStack<T extends Error>(error: T): T {
  error.stack = error.message;
  return error;
}
