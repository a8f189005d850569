/** How a registry wants its clients to log in, from the header `WWW-Authenticate`. */
export type Challenge =
  | { readonly kind: "basic" }
  /** With a token from another server, the realm. */
  | { readonly kind: "bearer"; readonly realm: URL; readonly service: string | undefined };

/** Parses the header. @returns undefined if it is missing or has no scheme that docker supports */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, parameters] = /\bbearer\s+(.*)$/i.exec(header ?? "") ?? [];
  if (parameters === undefined) {
    return /(?:^|,)\s*basic\b/i.test(header ?? "") ? { kind: "basic" } : undefined;
  }
  const realm = readParameter(parameters, "realm") ?? "";
  return URL.canParse(realm) && /^https?:/.test(realm)
    ? { kind: "bearer", realm: new URL(realm), service: readParameter(parameters, "service") }
    : undefined;
}

function readParameter(parameters: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|,)\\s*${name}=(?:"([^"]*)"|([^",\\s]+))`, "i").exec(parameters);
  return found?.[1] ?? found?.[2];
}
