import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { eventually } from "./eventually";

const REMOVE_TIMEOUT_MS = 60_000;

/**
 * A network with IPv6 for replicas and jobs: a bridge that each node of the swarm creates from its
 * own configuration, because Docker's overlay networks lead outside only over IPv4.
 */
export interface Ipv6Network extends AsyncDisposable {
  readonly name: string;
  /** This machine's address in the network, without brackets. */
  readonly gateway: string;
}

/** @param image an image with `sleep`, for a container that keeps the bridge up */
export async function createIpv6Network(docker: Docker, image: string): Promise<Ipv6Network> {
  const id = randomBytes(5).toString("hex");
  const prefix = `fd${id.slice(0, 2)}:${id.slice(2, 6)}:${id.slice(6)}`;
  const [name, configuration] = [`ipv6-${id}`, `ipv6-config-${id}`];
  const settings = await docker.createNetwork({
    Name: configuration,
    ConfigOnly: true,
    EnableIPv6: true,
    IPAM: { Config: [{ Subnet: `${prefix}::/64` }] },
  });
  const network = await docker.createNetwork({
    Name: name,
    Driver: "bridge",
    Scope: "swarm",
    Attachable: true,
    ConfigFrom: { Network: configuration },
  });
  const holder = await docker.createContainer({
    Image: image,
    Cmd: ["sleep", "3600"],
    HostConfig: { NetworkMode: name, AutoRemove: true },
  });
  await holder.start();
  return {
    name,
    gateway: `${prefix}::1`,
    async [Symbol.asyncDispose]() {
      await holder.remove({ force: true });
      await network.remove();
      // The node removes its bridge a moment after the last container has left.
      await eventually(() => settings.remove().then(() => true, isGone), {
        what: `the configuration of network ${name} to become unused`,
        timeoutMs: REMOVE_TIMEOUT_MS,
      });
    },
  };
}

function isGone(error: unknown): boolean {
  return (error as { readonly statusCode?: number }).statusCode === 404;
}
