import { isSameAddress, unmapAddress } from "../../ip-address";
import { checkedList } from "../../lists";
import { findNearest } from "../../suggest";
import { dnsServers } from "./hosts";
import { andThen, type SettingType } from "../type";

/** Docker's DNS asks only so many servers. */
const MAX_SERVERS = 3;

/** The DNS servers of a replica. Docker's own DNS asks them for the names that it does not know. */
export const resolvers: SettingType<readonly string[], string | readonly string[]> = {
  ...dnsServers,
  parse: (written) =>
    andThen(dnsServers.parse(written), (servers) => {
      const problem = checkServers(servers);
      return problem === undefined ? { value: servers } : { problem };
    }),
};

function checkServers(servers: readonly string[]): string | undefined {
  if (servers.length > MAX_SERVERS) {
    return `must be a list of at most ${MAX_SERVERS} IP addresses, because Docker asks only the first ${MAX_SERVERS}; it has ${servers.length}`;
  }
  const own = servers.find(isOwn);
  return own === undefined
    ? undefined
    : `must not contain ${own}, which is the replica itself: use the address at which the swarm's nodes reach the DNS server`;
}

/** Whether an address, also in IPv6 form, is a loopback address or stands for every address. */
function isOwn(server: string): boolean {
  const address = unmapAddress(server);
  return (
    /^127\.|^0\.0\.0\.0$/.test(address) ||
    isSameAddress(address, "::1") ||
    isSameAddress(address, "::")
  );
}

/** Options of resolv.conf that stand alone, from resolv.conf(5). */
const FLAGS = [
  ...["debug", "edns0", "inet6", "ip6-bytestring", "ip6-dotint", "no-aaaa", "no-check-names"],
  ...["no-ip6-dotint", "no-reload", "no-tld-query", "rotate", "single-request"],
  ...["single-request-reopen", "trust-ad", "use-vc"],
];

/** Options of resolv.conf with a number. */
const NUMBERS = ["attempts", "ndots", "timeout"];

/** Options of a replica's resolv.conf, such as `ndots:2`. */
export const resolverOptions = checkedList((entries) => {
  const wrong = entries.find((entry) => !isOption(entry));
  if (wrong === undefined) return undefined;
  const [name = ""] = wrong.split(":");
  const meant = NUMBERS.includes(name)
    ? `${name}:2`
    : FLAGS.includes(name)
      ? name
      : findNearest(name, [...FLAGS, ...NUMBERS]);
  const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
  return `must be a list of options of resolv.conf, such as ndots:2, timeout:1 or rotate; ${JSON.stringify(wrong)} is not one${hint}`;
});

function isOption(entry: string): boolean {
  const [name = "", ...numbers] = entry.split(":");
  if (numbers.length === 0) return FLAGS.includes(name);
  return NUMBERS.includes(name) && numbers.length === 1 && /^\d{1,2}$/.test(numbers[0] ?? "");
}
