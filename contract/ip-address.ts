import { BlockList, isIP } from "node:net";

/** A network of IP addresses. An IPv4 network in IPv6 form is in IPv4 form. */
export interface IpNetwork {
  readonly address: string;
  readonly prefix: number;
}

/** Parses a network such as `10.0.0.0/8`, also with host bits; undefined if it is not one. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, address = "", digits = ""] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
  const prefix = Number(digits);
  if (!isAddress(address) || prefix > (isIP(address) === 4 ? 32 : 128)) return undefined;
  const unmapped = unmapAddress(address);
  // The prefix of an IPv4 network in IPv6 form also counts the bits before the IPv4 address.
  if (isIP(address) === isIP(unmapped)) return { address, prefix };
  return prefix < 96 ? undefined : { address: unmapped, prefix: prefix - 96 };
}

/** Whether an address, in the form of {@link unmapAddress}, is in a network. */
export function isInNetwork({ address, prefix }: IpNetwork, host: string): boolean {
  if (isIP(host) !== isIP(address)) return false;
  const type = isIP(address) === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(address, prefix, type);
  return list.check(host, type);
}

/** Whether a text is an IP address without a zone. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%");
}

/** Whether two texts are the same IP address. @param other in the form of {@link unmapAddress} */
export function isSameAddress(one: string, other: string): boolean {
  return isIP(other) !== 0 && unmapAddress(normalize(one)) === other;
}

/** Returns an IPv4 address that is written as an IPv6 address, such as `::ffff:7f00:1`, as IPv4. */
export function unmapAddress(host: string): string {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(normalize(host)) ?? [];
  if (high === undefined || low === undefined) return host;
  const bits = [parseInt(high, 16), parseInt(low, 16)];
  return bits.flatMap((word) => [word >> 8, word & 255]).join(".");
}

/** Returns the shortest form of an IPv6 address, and anything else unchanged. */
function normalize(host: string): string {
  return isIP(host) === 6 && !host.includes("%")
    ? new URL(`http://[${host}]`).hostname.slice(1, -1)
    : host;
}
