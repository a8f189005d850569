import * as z from "zod/mini";
import { parseJson } from "../../contract/json";
import { toPlainLine } from "../../contract/plain-text";
import { redactForms } from "../../contract/looks-like-secret";

/** The longest explanation that a message quotes. */
const MAX_LENGTH = 200;

/** The error format of the registry API. */
const apiErrors = z.object({
  errors: z.array(z.object({ code: z.optional(z.string()), message: z.optional(z.string()) })),
});

/** Formats of token servers: Docker Hub uses `details`, OAuth 2 uses `error_description`. */
const otherErrors = z.object({
  details: z.optional(z.string()),
  error_description: z.optional(z.string()),
  message: z.optional(z.string()),
});

/**
 * Returns a registry's own explanation of an error, in docker's form: `unauthorized: authentication
 * required`. Without one, returns the status.
 * @param text the body of the answer
 */
export function findRegistryWords(status: number, text: string): string {
  const body = parseJson(text);
  const [first] = apiErrors.safeParse(body).data?.errors ?? [];
  const code = first?.code?.toLowerCase().replaceAll("_", " ");
  const other = otherErrors.safeParse(body).data ?? {};
  const words =
    [code, first?.message].filter((part) => part !== undefined && part !== "").join(": ") ||
    [other.details, other.error_description, other.message].find((one) => one !== undefined);
  return (
    toPlainLine(redactForms(words ?? ""))
      .trim()
      .slice(0, MAX_LENGTH) || `status ${status}`
  );
}
