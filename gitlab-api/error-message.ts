interface Fields {
  readonly message?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
}

/**
 * Reads GitLab's error message from the body of an answer: `{"message": …}`, `{"error": …}` for an
 * invalid parameter, `{"error", "error_description"}` for OAuth, and `{"message": {"error": …}}`
 * for a rate limit.
 * @returns a sentence, a list of sentences, or lists by field; undefined if there is no message
 */
export function readErrorMessage(body: unknown): unknown {
  const { message, error, error_description: description } = readFields(body);
  const words = message ?? description ?? error ?? undefined;
  return typeof readFields(words).error === "string" ? readFields(words).error : words;
}

/** Reads the fields of a JSON object. Any other value has none. */
export function readFields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
