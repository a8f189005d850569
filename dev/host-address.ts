import type Docker from "dockerode";

/** A range of addresses of a network, as Docker's API reports it. */
export interface AddressPool {
  readonly Subnet?: string;
  readonly Gateway?: string;
}

/** Networks whose gateway is this machine. Containers on any network can reach it there. */
const NETWORKS = ["bridge", "docker_gwbridge"];

/**
 * This machine's address as containers see it.
 * @throws Error when the engine has none of Docker's own bridges
 */
export async function readHostAddress(docker: Docker): Promise<string> {
  const networks = (await docker.listNetworks()) as {
    Name: string;
    IPAM?: { Config?: AddressPool[] | null };
  }[];
  for (const name of NETWORKS) {
    const pools = networks.find(({ Name }) => Name === name)?.IPAM?.Config ?? [];
    const address = pools.map(findGateway).find((one) => one !== undefined);
    if (address !== undefined) return address;
  }
  throw new Error(
    `the engine has no ${NETWORKS.join(" or ")} network, so containers cannot reach this machine`,
  );
}

/** The gateway of an IPv4 address pool: the first address, unless the engine reports another. */
export function findGateway({ Subnet, Gateway }: AddressPool): string | undefined {
  if (Gateway !== undefined && Gateway !== "") return Gateway.includes(":") ? undefined : Gateway;
  const match = /^(\d+\.\d+\.\d+)\.(\d+)\/\d+$/.exec(Subnet ?? "");
  if (match === null) return undefined;
  return `${match[1] ?? ""}.${Number(match[2]) + 1}`;
}
