/** GitLab's tokens, by the prefixes that it gives them, as a regular expression. */
export const GITLAB_TOKEN =
  "(?:gl(?:rt|rtr|pat|dt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-|GR1348941)[\\w.=-]{6,}";

/** What stands in place of a secret. */
export const MASK = "[secret]";

/** The forms in which errors, dumps and states may show a secret; none of an empty text. */
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

/** Replaces secrets in a text, in all their forms. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  return (
    secrets
      .flatMap(listEncodings)
      // Longest first, so that no form leaves a piece of another behind that holds it.
      .sort((a, b) => b.length - a.length)
      .reduce((rest, form) => rest.replaceAll(form, MASK), text)
  );
}
