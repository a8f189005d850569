/** Why a proxy could not be used. */
export type ProxyFault =
  /** It cannot be resolved or reached, or closed the connection. */
  | "away"
  /** It requires a login (407), or another one. */
  | "login"
  /** It does not connect to the server. */
  | "refused"
  /** Its scheme is not `http:` or `https:`. */
  | "unsupported";

/**
 * A proxy could not be used, so the server got no request. The message names the proxy without its
 * user and password: `proxy HOST:PORT answered 407 Proxy Authentication Required`.
 */
export class ProxyError extends Error {
  /** @param what follows the name of the proxy */
  constructor(
    readonly fault: ProxyFault,
    proxy: URL,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`proxy ${formatProxy(proxy)} ${what}`, options);
  }
}

/** Names a proxy, always with its port and never with its user. */
export function formatProxy({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** Describes an error of a connection. If a name has several addresses, it may have no message. */
export function describeNetworkError(error: unknown): string {
  // Without `instanceof`: in jest, Node.js's own errors belong to another realm.
  const { message, code, errors } = error as Partial<AggregateError & NodeJS.ErrnoException>;
  const inner = errors?.map(describeNetworkError).join("; ");
  return [message, inner, code].find((text) => text !== undefined && text !== "") ?? String(error);
}
