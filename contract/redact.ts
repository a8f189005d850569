/** A regular expression that matches GitLab's tokens by their prefixes. */
export const GITLAB_TOKEN =
  "(?:gl(?:rt|rtr|pat|dt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-|GR1348941)[\\w.=-]{6,}";

/**
 * The minimum length of a secret. A shorter string, such as the access key `runner` of an S3
 * server, would be redacted in log lines where it is not a secret. GitLab has the same minimum for
 * its masked variables.
 */
export const MIN_SECRET_LENGTH = 8;

/** The text that replaces a secret. */
export const MASK = "[secret]";

/** Lists the encodings in which errors, dumps and states may contain a secret. */
export function listEncodings(secret: string): readonly string[] {
  if (secret === "") return [];
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64");
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

/** Redacts all encodings of secrets in a text. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  return (
    secrets
      .flatMap(listEncodings)
      // Longest first: one encoding may contain another, whose replacement would leave the rest.
      .sort((a, b) => b.length - a.length)
      .reduce((rest, encoded) => rest.replaceAll(encoded, MASK), text)
  );
}
