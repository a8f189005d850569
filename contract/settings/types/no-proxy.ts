import { checkedList, list } from "../../lists";
import { MASK } from "../../redact";
import { isIpAddress } from "./hosts";
import { isPlainAddress } from "./plain-address";

const LABEL = "[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?";

/** `HOST` or `.DOMAIN`. */
const DOMAIN = new RegExp(`^\\.?(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

const FORMS = "a host, .DOMAIN, an IP address, a network such as 10.0.0.0/8, or *";

/** An IPv6 address with a port, which is not the beginning of JSON. */
const IPV6_FIRST = /^\s*\[[0-9a-f:.]*:[0-9a-f:.]*\]/i;

/** Addresses that clients reach without a proxy, by the rules of Go's `NO_PROXY`. */
export const noProxy: typeof list = {
  ...list,
  // Without the syntax of lists, JSON and IPv6 addresses.
  isShown: (text) => text.split(/[\s,"[\]]+/).every(isPlainAddress),
  parse: (written) =>
    hosts.parse(
      typeof written === "string" && IPV6_FIRST.test(written) ? written.split(",") : written,
    ),
};

const hosts = checkedList((entries) => {
  const found = entries
    .map((entry) => ({ entry, problem: checkEntry(entry) }))
    .find(({ problem }) => problem !== undefined);
  return found === undefined
    ? undefined
    : `must be a list of hosts without a proxy, and ${showEntry(found.entry)} ${found.problem ?? ""}`;
});

function showEntry(entry: string): string {
  return entry.split(/\s+/).every(isPlainAddress) ? JSON.stringify(entry) : MASK;
}

/** Returns what is wrong with an entry: "has a scheme: …". */
function checkEntry(entry: string): string | undefined {
  if (entry === "*") return undefined;
  if (/\s/.test(entry)) return "contains a space: put a comma between two entries";
  const [, scheme, rest = ""] = /^([a-z][\w+.-]*):\/\/(.*)$/i.exec(entry) ?? [];
  if (scheme !== undefined) {
    return `has a scheme: write ${correct(rest.replace(/^.*@/, "").replace(/[/?#].*$/, ""))}`;
  }
  if (entry.includes("@")) return "has a user: write only the host";
  return entry.includes("/") ? checkNetwork(entry) : checkHost(entry);
}

/** Returns a corrected entry, or a general form if it is not one. */
function correct(host: string): string {
  return host !== "" && checkHost(host) === undefined ? host : "only the host";
}

function checkNetwork(entry: string): string | undefined {
  const [address = "", prefix = ""] = entry.split(/\/(.*)/s);
  if (!isIpAddress(address)) return `has a path: write ${correct(address)}`;
  const bits = address.includes(":") ? 128 : 32;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
    ? undefined
    : `is not a network: write a number from 0 to ${bits} after the slash`;
}

function checkHost(entry: string): string | undefined {
  if (isIpAddress(entry)) return undefined;
  if (/^\[[^\]]*\]$/.test(entry) && isIpAddress(entry.slice(1, -1))) {
    return `has brackets, which belong there only with a port: write ${entry.slice(1, -1)}`;
  }
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(entry) ?? [];
  const isHost = host.startsWith("[")
    ? isIpAddress(host.slice(1, -1)) && host.includes(":")
    : isIpAddress(host) || (DOMAIN.test(host) && !/^[\d.]+$/.test(host));
  if (!isHost) {
    return host.includes("*")
      ? "has a * inside, which many programs take literally: write .DOMAIN, a network, or * alone"
      : `is not one: use ${FORMS}`;
  }
  return port === undefined || (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535)
    ? undefined
    : "has an invalid port: use a number from 1 to 65535";
}
