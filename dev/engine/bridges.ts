import { once } from "node:events";
import { createServer } from "node:net";
import type Docker from "dockerode";
import { isRoot } from "../apt";
import type { Context } from "../context";
import { isInstalled } from "../files";
import { findGateway } from "../host-address";
import { ExpectedError } from "../expected-error";

/** One of Docker's bridges on this machine, as the engine describes it. */
export interface Bridge {
  /** The network's name in Docker. */
  readonly network: string;
  /** The name of the network link. */
  readonly link: string;
  /** The machine's address on the bridge, and its prefix length. */
  readonly address: string;
  readonly prefix: number;
}

interface ListedNetwork {
  readonly Name: string;
  readonly Id: string;
  readonly Driver: string;
  readonly Options?: Readonly<Record<string, string>> | null;
  readonly IPAM?: {
    readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null;
  };
}

/**
 * Networks on which containers reach this machine, and their links where Docker does not report
 * one.
 */
const TASKS = "docker_gwbridge";
const LINKS: Readonly<Record<string, string>> = { bridge: "docker0", [TASKS]: TASKS };

const DEMO_SERVICE = "gitlab-runner-pool-dev";

/** An engine's bridges, from the list of its networks. */
export function listBridges(networks: readonly ListedNetwork[]): Bridge[] {
  return networks.flatMap(({ Name, Driver, Options, IPAM }) => {
    const usual = LINKS[Name];
    if (usual === undefined || Driver !== "bridge") return [];
    const link = Options?.["com.docker.network.bridge.name"] ?? usual;
    return (IPAM?.Config ?? []).flatMap((pool) => {
      const address = findGateway(pool);
      const prefix = Number(/\/(\d+)$/.exec(pool.Subnet ?? "")?.[1]);
      return address === undefined || Number.isNaN(prefix)
        ? []
        : [{ network: Name, link, address, prefix }];
    });
  });
}

/**
 * Restores Docker's bridges if their addresses have disappeared while the engine runs, for example
 * because somebody started a second engine without a bridge. Without the bridges, no replica and no
 * job reaches the GitLab on this machine.
 * @returns the links that it restored
 * @throws ExpectedError when a bridge is missing and this user cannot restore it
 */
export async function repairBridges({ commands }: Context, docker: Docker): Promise<string[]> {
  const networks = (await docker.listNetworks()) as ListedNetwork[];
  const lost: Bridge[] = [];
  for (const bridge of listBridges(networks)) {
    if (!(await isOwnAddress(bridge.address))) lost.push(bridge);
  }
  const [first] = lost;
  if (first === undefined) return [];
  if (!isRoot() || !(await isInstalled("ip"))) {
    throw new ExpectedError(
      `Docker's bridge ${first.link} with the address ${first.address} is missing on this machine, so containers cannot reach it. Restart Docker (\`systemctl restart docker\`), or run this as root with iproute2 installed.`,
    );
  }
  for (const { link, address, prefix } of lost) {
    // The link may still exist, without its address or down.
    await commands.run("ip", ["link", "add", link, "type", "bridge"]).catch(() => undefined);
    await commands.run("ip", ["address", "add", `${address}/${prefix}`, "dev", link]);
    await commands.run("ip", ["link", "set", link, "up"]);
  }
  if (lost.some(({ network }) => network === TASKS)) await endStranded(docker);
  return lost.map(({ link }) => link);
}

/**
 * Ends the demo's replicas that were on the bridge of Swarm's tasks, because they have no network
 * on the restored bridge. Swarm replaces them.
 */
async function endStranded(docker: Docker): Promise<void> {
  const filters = { label: [`com.docker.swarm.service.name=${DEMO_SERVICE}`] };
  for (const { Id } of await docker.listContainers({ filters })) {
    await docker.getContainer(Id).remove({ force: true });
  }
}

/** True if this machine has the address, whether or not its link is up. */
export async function isOwnAddress(address: string): Promise<boolean> {
  const server = createServer();
  server.listen(0, address);
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
