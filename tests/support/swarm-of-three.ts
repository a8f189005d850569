import execa from "execa";
import type { PlatformFacts } from "../../dev/facts";
import { RegistryGate } from "./registry-gate";
import { SITE, ThreeNodes, type Site } from "./three-nodes";

/** The local platform, except that its swarm has three engines. */
export interface SwarmOfThree extends AsyncDisposable {
  readonly swarm: ThreeNodes;
  /** Platform for `createPool`. Its engine is the one of the manager node. */
  readonly platform: PlatformFacts;
  /** Proxy to the registry, for all nodes and for the program. */
  readonly gate: RegistryGate;
}

export async function startSwarmOfThree(
  local: PlatformFacts,
  site: Site = SITE,
): Promise<SwarmOfThree> {
  const gate = await RegistryGate.open(local.registry);
  const registry = `${site.hostAddress}:${gate.port}`;
  const swarm = await ThreeNodes.start(site);
  const dockerHost = `unix://${swarm.manager.socket}`;
  // A pool with the shell executor needs no other images. The nodes pull the image that is built
  // from them.
  for (const image of [local.images.base, local.images.node]) {
    await execa("sh", ["-c", 'docker save "$1" | docker -H "$2" load', "", image, dockerHost]);
  }
  return {
    swarm,
    gate,
    platform: {
      ...local,
      dockerHost,
      hostAddress: site.hostAddress,
      // This engine's builds have other digests than those of the local engine, whose stacks would
      // see another image under their tag.
      registry: `http://${registry}/e2e-${site.prefix}`,
      pulumiEnv: { ...local.pulumiEnv, DOCKER_HOST: dockerHost },
    },
    async [Symbol.asyncDispose]() {
      await swarm[Symbol.asyncDispose]();
      await gate[Symbol.asyncDispose]();
    },
  };
}
