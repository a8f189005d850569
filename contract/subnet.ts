/** An inclusive range of IPv4 addresses, as numbers. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** The longest prefix with room for a few replicas: Swarm itself uses some of the addresses. */
const MAX_PREFIX = 29;

/**
 * Checks whether Docker can create an overlay network with a subnet.
 * @param text an IPv4 subnet in CIDR notation
 * @returns the rule that the subnet violates ("must …"); undefined if it is valid
 */
export function checkSubnet(text: string): string | undefined {
  const [address = "", prefix = ""] = text.split("/");
  const { first, last } = parseRange(text);
  if (parseAddress(address) !== first) {
    return `must have a subnet without host bits: use ${formatAddress(first)}/${prefix}`;
  }
  if (Number(prefix) < 8 || Number(prefix) > MAX_PREFIX) {
    return `must have a subnet with a prefix length from 8 to ${MAX_PREFIX}`;
  }
  const reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(parseRange);
  return reserved.some((range) => rangesOverlap(range, { first, last }))
    ? "must not have a reserved subnet (loopback, link-local or multicast)"
    : undefined;
}

/** Whether two subnets have addresses in common. False if one is not an IPv4 subnet. */
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
