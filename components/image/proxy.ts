import { BlockList, isIP } from "node:net";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds the proxy through which docker, the provider and this program reach an address. All of them
 * read HTTPS_PROXY or HTTP_PROXY, and NO_PROXY, in upper or lower case.
 * @returns undefined for a direct connection
 */
export function findProxy(url: URL, env: Env): URL | undefined {
  const read = (name: string) =>
    [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== "") ?? "";
  const text = read(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (text === "" || isLoopback(stripBrackets(url.hostname)) || isExempt(url, read("NO_PROXY")))
    return undefined;
  const written = text.includes("://") ? text : `http://${text}`;
  return URL.canParse(written) ? new URL(written) : undefined;
}

/** Returns the header with the user and password of a proxy; empty if its URL has none. */
export function buildProxyAuthorization({
  username,
  password,
}: URL): Readonly<Record<string, string>> {
  if (username === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function isExempt(url: URL, list: string): boolean {
  const host = stripBrackets(url.hostname).toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || covers(entry, host, port));
}

/** Whether an entry of NO_PROXY (a network, an address or a domain) covers a host. */
function covers(entry: string, host: string, port: string): boolean {
  const network = /^(.+)\/(\d+)$/.exec(entry);
  if (network !== null) return isInNetwork(network[1] ?? "", Number(network[2]), host);
  const [, name = entry, own] = /^(\[?[^\]]*?\]?):(\d+)$/.exec(entry) ?? [];
  if (own !== undefined && own !== port && isIP(entry) === 0) return false;
  const domain = stripBrackets(isIP(entry) === 0 ? name : entry).replace(/^\*?\./, "");
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInNetwork(network: string, prefix: number, host: string): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, prefix, type);
  return list.check(host, type);
}

/** Removes the brackets of an IPv6 address. */
function stripBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
