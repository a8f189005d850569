import { isPlainObject, parseJson } from "../../json";
import { checkedList } from "../../lists";
import { checkSubnet } from "../../subnet";
import type { Parsed, SettingType } from "../type";
import { integer } from "./plain";

/** The network of a pool's replicas: an existing network, or how to create one. */
export type NetworkSetting =
  { readonly kind: "existing"; readonly name: string } | CreatedNetworkSetting;

/** How to create a network. */
export interface CreatedNetworkSetting extends NewNetwork {
  readonly kind: "created";
}

/** The settings of a network to create, as a user writes them. */
export interface NewNetwork {
  /** In CIDR notation. @default chosen by Docker */
  readonly subnet?: string | undefined;
  /** Whether to encrypt the traffic between nodes. */
  readonly encrypted?: boolean | undefined;
  /**
   * Whether the network has no way out: its containers reach only each other, unless they are
   * attached to another network too.
   */
  readonly internal?: boolean | undefined;
  /** Largest packet, in bytes, that the links between nodes carry. @default Docker's 1500 */
  readonly mtu?: number | undefined;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const SUBNET = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}/(?:[0-9]|[12][0-9]|3[0-2])$`);

const RULE =
  'must be a network name, or an object with subnet (such as "10.20.0.0/20"), encrypted, internal (true or false) and mtu';

/** Docker accepts other values too, but IPv4 does not work below, and no link carries more. */
const MTU = integer(576, 9000);

/**
 * Docker 20.10 creates an overlay network with IPv6, and then rejects its containers, or loses
 * their packets between nodes. Newer engines cannot allocate its addresses.
 */
const NO_IPV6 =
  "must not have ipv6, because Docker's overlay networks carry only IPv4: for a GitLab with an IPv6 address, give docker_gwbridge on each node an IPv6 subnet (docs/addresses.md)";

/** The name of an existing network, or an object with the settings of a network to create. */
export const network: SettingType<NetworkSetting, string | NewNetwork | NetworkSetting> = {
  label: "string or object",
  parse: (given) => {
    const written =
      typeof given === "string" && given.trim().startsWith("{") ? parseJson(given) : given;
    return isPlainObject(written) ? readNewNetwork(written) : readNetworkName(written);
  },
  fromCode: (value) => {
    if (!isPlainObject(value)) return undefined;
    const { kind, ...settings } = value;
    if (kind === "created") return readNewNetwork(settings);
    const { name, ...others } = settings;
    return kind === "existing" && Object.keys(others).length === 0
      ? readNetworkName(name)
      : undefined;
  },
  format: (setting) => {
    if (setting.kind === "existing") return setting.name;
    const { subnet, encrypted, internal, mtu } = setting;
    return JSON.stringify({ subnet, encrypted, internal, mtu });
  },
};

/** Names of existing networks. */
export const networkNames = checkedList((entries) => {
  const wrong = entries.find((entry) => !NAME.test(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of the names of existing networks; ${JSON.stringify(wrong)} is not one`;
});

function readNetworkName(name: unknown): Parsed<NetworkSetting> {
  return typeof name === "string" && NAME.test(name)
    ? { value: { kind: "existing", name } }
    : { problem: RULE };
}

function readNewNetwork(settings: Readonly<Record<string, unknown>>): Parsed<NetworkSetting> {
  const { subnet, encrypted, internal, ipv6, mtu, ...others } = settings;
  if (
    Object.keys(others).length > 0 ||
    !(subnet === undefined || (typeof subnet === "string" && SUBNET.test(subnet))) ||
    !isOptionalBoolean(encrypted) ||
    !isOptionalBoolean(internal) ||
    !isOptionalBoolean(ipv6)
  ) {
    return { problem: RULE };
  }
  if (ipv6 === true) return { problem: NO_IPV6 };
  const problem = subnet === undefined ? undefined : checkSubnet(subnet);
  if (problem !== undefined) return { problem };
  const size = mtu === undefined ? undefined : MTU.parse(mtu);
  if (size !== undefined && "problem" in size) {
    return { problem: size.problem.replace("must be", "must have an mtu that is") };
  }
  return {
    value: {
      kind: "created",
      ...(subnet === undefined ? {} : { subnet }),
      ...(encrypted === undefined ? {} : { encrypted }),
      ...(internal === undefined ? {} : { internal }),
      ...(size === undefined ? {} : { mtu: size.value }),
    },
  };
}

function isOptionalBoolean(value: unknown): value is boolean | undefined {
  return value === undefined || typeof value === "boolean";
}
