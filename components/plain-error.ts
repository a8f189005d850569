import * as pulumi from "@pulumi/pulumi";
import { toPlainText } from "../contract/plain-text";

/**
 * An error of which a person sees the message alone. It has no stack: Node 20 takes half a minute
 * to colour one that leads through Pulumi's own sources (it loops on a path such as
 * `node_modules/@pulumi/resource.ts`). Words of others in the message become plain text.
 */
export function plainError(message: string): pulumi.RunError {
  return withoutStack(new pulumi.RunError(toPlainText(message)));
}

/** The same for a resource: the message is shown beside it. */
export function plainResourceError(
  message: string,
  resource: pulumi.Resource,
): pulumi.ResourceError {
  return withoutStack(new pulumi.ResourceError(toPlainText(message), resource, true));
}

/**
 * Waits for what inputs or outputs depend on. If it fails, the program ends with that error as it
 * is; a rejected input would be shown behind the names of all properties that wait for it. It is
 * thrown where no promise waits for it: V8 looks for a handler along all promises that do, which
 * takes it half a minute and gigabytes.
 */
export async function inputOf<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
    return new Promise<never>(() => undefined);
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function withoutStack<T extends Error>(error: T): T {
  error.stack = error.message;
  return error;
}
