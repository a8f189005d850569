import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { isAddress, isInNetwork, isSameAddress, parseIpNetwork, unmapAddress } from "../ip-address";

/** An address that a request goes to, in lower case. */
interface Target {
  /** A domain, or an IP address without brackets. An IPv4 address in IPv6 form is in IPv4 form. */
  readonly host: string;
  readonly port: string;
}

/**
 * Whether an address needs no proxy, by the rules of Go's `golang.org/x/net/http/httpproxy`.
 *
 * - `localhost` and loopback addresses are always exempt.
 * - `example.com` exempts this domain and those below it; `.example.com` and `*.example.com` exempt
 *   only those below it.
 * - `10.0.0.1` and `fd00::1` exempt an address, `10.0.0.0/8` and `fd00::/8` a network.
 * - All but networks may have a port, which limits the entry to this port: `[fd00::1]:443`. An IPv6
 *   address in brackets has no effect without a port.
 * - `*` exempts everything.
 * - Names are not resolved: `10.0.0.0/8` does not exempt a domain with such an address.
 * @param list the value of NO_PROXY: entries separated by commas
 */
export function isExempt(url: URL, list: string): boolean {
  const host = unmapAddress(url.hostname.replace(/^\[|\]$/g, ""));
  if (isLoopback(host)) return true;
  const target = { host, port: url.port || (url.protocol === "https:" ? "443" : "80") };
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry === "*" || covers(entry, target));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function covers(entry: string, target: Target): boolean {
  const network = parseIpNetwork(entry);
  if (network !== undefined) return isInNetwork(network, target.host);
  const { host, port } = splitPort(entry);
  if (host === "" || (port !== "" && port !== target.port)) return false;
  return isAddress(host) ? isSameAddress(host, target.host) : isInDomain(host, target.host);
}

/** Splits `HOST:PORT` as Go's `net.SplitHostPort`: an entry that it rejects is a host. */
function splitPort(entry: string): { readonly host: string; readonly port: string } {
  const parts = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry);
  if (parts === null) return { host: entry, port: "" };
  const [, bracketed, bare = "", port = ""] = parts;
  return { host: bracketed ?? bare, port };
}

function isInDomain(entry: string, host: string): boolean {
  if (isIP(host) !== 0) return false;
  const written = entry.replace(/^\*\./, ".");
  const domain = toAscii(written);
  return domain.startsWith(".")
    ? host.endsWith(domain)
    : host === domain || host.endsWith(`.${domain}`);
}

/** Returns the ASCII form of a name such as `bücher.example`. */
function toAscii(name: string): string {
  // `domainToASCII` would cut off what follows a character that ends the host of a URL.
  if (/^[ -~]*$/.test(name) || /[/?#\\]/.test(name)) return name;
  return domainToASCII(name) || name;
}
