import { checkedList } from "../../lists";

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

const LABEL = "[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?";
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*\\.?$`);

/** Whether a text is an IPv4 or IPv6 address. */
export function isIpAddress(text: string): boolean {
  return IPV4.test(text) || isIpv6(text);
}

function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text) || !text.includes(":")) return false;
  const tail = text.slice(text.lastIndexOf(":") + 1);
  if (tail.includes(".") && !IPV4.test(tail)) return false;
  // An IPv4 address at the end stands for two groups.
  const groups = tail.includes(".") ? text.replace(tail, "0:0") : text;
  const halves = groups.split("::");
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return false;
  return halves.length === 2 ? parts.length < 8 : parts.length === 8;
}

/** IP addresses of DNS servers. */
export const dnsServers = checkedList((entries) => {
  const wrong = entries.find((entry) => !isIpAddress(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of IP addresses, such as 10.0.0.53; ${JSON.stringify(wrong)} is not one`;
});

/** Domains in which names without a dot are looked up; `.` for none. */
export const searchDomains = checkedList((entries) => {
  const wrong = entries.find((entry) => entry !== "." && !HOST.test(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of domains, such as example.com, or . for none; ${JSON.stringify(wrong)} is not one`;
});

/** Docker's word for the node's own address. */
const NODE_ADDRESS = "host-gateway";

/** Entries of /etc/hosts, each `NAME:IP`. */
export const extraHosts = checkedList((entries) => {
  const wrong = entries.find((entry) => !isExtraHost(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of NAME:IP, such as db.example.com:10.0.0.7, or NAME:${NODE_ADDRESS} for the node; ${JSON.stringify(wrong)} is not one`;
});

function isExtraHost(entry: string): boolean {
  const colon = entry.indexOf(":");
  const [name, address] = [entry.slice(0, colon), entry.slice(colon + 1)];
  return colon > 0 && HOST.test(name) && (address === NODE_ADDRESS || isIpAddress(address));
}
