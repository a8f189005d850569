import type Docker from "dockerode";
import type { Context } from "./context";
import { ExpectedError } from "./expected-error";
import { chooseUdpPort } from "./ports";

/**
 * Docker's bridge for containers on overlay networks. A swarm creates it and does not remove it.
 */
const GATEWAY_NETWORK = "docker_gwbridge";

const LOOPBACK = "127.0.0.1";

/** The part of `docker info` about the swarm. */
export interface SwarmInfo {
  readonly LocalNodeState: string;
  readonly ControlAvailable: boolean;
  readonly Error?: string;
  readonly Cluster?: { readonly ID?: string };
}

/**
 * Decides whether to use or to initialize a swarm.
 * @throws ExpectedError when this node is in a swarm that the platform cannot use
 */
function decideSwarm(swarm: SwarmInfo): "use" | "init" {
  const { LocalNodeState: state, ControlAvailable: manager } = swarm;
  if (state === "inactive") return "init";
  if (state === "active" && manager) return "use";
  if (state === "active") {
    throw new ExpectedError(
      "this node is a worker of a swarm, but only a manager node can create services. Run this on a manager node, or leave the swarm with `docker swarm leave`.",
    );
  }
  const reason = swarm.Error === undefined || swarm.Error === "" ? "" : ` (${swarm.Error})`;
  throw new ExpectedError(
    `this node's swarm is ${state}${reason}. Repair it (\`docker info\` shows more), or leave it with \`docker swarm leave --force\`.`,
  );
}

/** Uses the swarm that this node manages, or initializes one that only this machine can reach. */
export async function ensureSwarm({ record }: Context, docker: Docker): Promise<"used" | "made"> {
  const before = await readSwarm(docker);
  if (decideSwarm(before) === "init") {
    const networks = await docker.listNetworks({ filters: { name: [GATEWAY_NETWORK] } });
    await record.change((all) => ({ ...all, swarm: {} }));
    if (networks.length === 0) await record.add("networks", GATEWAY_NETWORK);
    await docker.swarmInit({
      ListenAddr: `${LOOPBACK}:2377`,
      AdvertiseAddr: LOOPBACK,
      // On the default port, no container starts on a network whose number an interface of an
      // engine that was killed still has ("error creating vxlan interface: file exists").
      DataPathPort: await chooseUdpPort(),
    });
  }
  const cluster = (await readSwarm(docker)).Cluster?.ID;
  const { swarm } = await record.read();
  if (swarm !== undefined && swarm.cluster === undefined && cluster !== undefined) {
    await record.change((all) => ({ ...all, swarm: { cluster } }));
  }
  return swarm === undefined || swarm.cluster !== undefined ? "used" : "made";
}

/** Leaves the swarm that this platform initialized, if the node is still in it. */
export async function removeSwarm({ record }: Context, docker: Docker): Promise<void> {
  const { swarm, networks } = await record.read();
  const now = await readSwarm(docker);
  if (swarm !== undefined && now.LocalNodeState !== "inactive") {
    const same = swarm.cluster === undefined || swarm.cluster === now.Cluster?.ID;
    if (same) await docker.swarmLeave({ force: true });
  }
  const present = await docker.listNetworks();
  for (const { Name, Id } of present) {
    if (networks.includes(Name)) await docker.getNetwork(Id).remove();
  }
}

async function readSwarm(docker: Docker): Promise<SwarmInfo> {
  const { Swarm } = (await docker.info()) as { Swarm: SwarmInfo };
  return Swarm;
}
