/** Addresses of IPv4 as a range of numbers, both ends included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Longest prefix of a subnet that has room for a few replicas: swarm takes addresses of its own in
 * it.
 */
const MAX_PREFIX = 29;

/**
 * Why Docker could not make an overlay network with a subnet, as what it must be; undefined if it
 * could.
 * @param text a subnet in CIDR notation of IPv4
 */
export function checkSubnet(text: string): string | undefined {
  const [address = "", prefix = ""] = text.split("/");
  const { first, last } = parseRange(text);
  if (parseAddress(address) !== first) {
    return `must have a subnet without host bits: ${formatAddress(first)}/${prefix}`;
  }
  if (Number(prefix) < 8 || Number(prefix) > MAX_PREFIX) {
    return `must have a subnet with a prefix from 8 to ${MAX_PREFIX}`;
  }
  const reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseRange);
  return reserved.some((range) => rangesOverlap(range, { first, last }))
    ? "must have a subnet that is not reserved (loopback, link-local, multicast)"
    : undefined;
}

/** Whether two subnets have addresses in common; one that is not of IPv4 has none. */
export function subnetsOverlap(one: string, other: string): boolean {
  return [one, other].every(isSubnet) && rangesOverlap(parseRange(one), parseRange(other));
}

function isSubnet(text: string): boolean {
  return /^\d+(?:\.\d+){3}\/\d+$/.test(text);
}

function rangesOverlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}

function parseRange(text: string): Range {
  const [address = "", prefix = "32"] = text.split("/");
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(parseAddress(address) / size) * size;
  return { first, last: first + size - 1 };
}

function parseAddress(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
