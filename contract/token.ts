/**
 * - `authentication`: belongs to a runner that exists in GitLab; replicas share it and GitLab tells them apart by system ID.
 * - `registration`: the legacy kind; every replica registers a runner of its own with it.
 */
export const TOKEN_KINDS = ["authentication", "registration"] as const;

export type TokenKind = (typeof TOKEN_KINDS)[number];

/**
 * Tells the kind of a token by its prefix; undefined if the prefix is not known (an administrator may have set the
 * instance to another one, or the token is of a time before prefixes).
 *
 * An instance-wide prefix may stand before `glrt-` (`acme-glrt-…`). `glrtr-` marks the authentication token of a
 * runner that was made with a registration token.
 */
export function tokenKindOf(token: string): TokenKind | undefined {
  if (/^(?:[0-9a-zA-Z_]+-)*?glrtr?-/.test(token)) return "authentication";
  if (/^(?:[0-9a-zA-Z_]+-)*?GR1348941/.test(token)) return "registration";
  return undefined;
}

/** True for a token that can stand in a header or a JSON body and is not padded, quoted or cut. */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]{8,255}$/.test(text);
}
