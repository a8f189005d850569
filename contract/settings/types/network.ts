import { isPlainObject, parseJson } from "../../json";
import { checkSubnet } from "../../subnet";
import type { Parsed, SettingType } from "../type";

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
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const SUBNET = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}/(?:[0-9]|[12][0-9]|3[0-2])$`);

const RULE =
  'must be a network name, or an object with subnet (such as "10.20.0.0/20") and encrypted (true or false)';

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
    const { subnet, encrypted } = setting;
    return JSON.stringify({ subnet, encrypted });
  },
};

function readNetworkName(name: unknown): Parsed<NetworkSetting> {
  return typeof name === "string" && NAME.test(name)
    ? { value: { kind: "existing", name } }
    : { problem: RULE };
}

function readNewNetwork(settings: Readonly<Record<string, unknown>>): Parsed<NetworkSetting> {
  const { subnet, encrypted, ...others } = settings;
  if (
    Object.keys(others).length > 0 ||
    !(subnet === undefined || (typeof subnet === "string" && SUBNET.test(subnet))) ||
    !(encrypted === undefined || typeof encrypted === "boolean")
  ) {
    return { problem: RULE };
  }
  const problem = subnet === undefined ? undefined : checkSubnet(subnet);
  if (problem !== undefined) return { problem };
  return {
    value: {
      kind: "created",
      ...(subnet === undefined ? {} : { subnet }),
      ...(encrypted === undefined ? {} : { encrypted }),
    },
  };
}
