import execa from "execa";
import type { PlatformFacts } from "../../local/facts";
import { RegistryGate } from "./registry-gate";
import { HOST_ADDRESS, ThreeNodes } from "./three-nodes";

/** The parts of the local platform, with a swarm of three engines in the place of its own. */
export interface SwarmOfThree extends AsyncDisposable {
  readonly swarm: ThreeNodes;
  /** What `createPool` takes; the engine is the manager's. */
  readonly platform: PlatformFacts;
  /** The way to the registry, for all nodes and for the program. */
  readonly gate: RegistryGate;
}

export async function startSwarmOfThree(local: PlatformFacts): Promise<SwarmOfThree> {
  const gate = await RegistryGate.open(local.registry);
  const registry = `${HOST_ADDRESS}:${gate.port}`;
  const swarm = await ThreeNodes.start(registry);
  const dockerHost = `unix://${swarm.manager.socket}`;
  // A pool of the shell executor needs no other ones; the nodes pull what is built of them.
  for (const image of [local.images.base, local.images.node]) {
    await execa("sh", ["-c", 'docker save "$1" | docker -H "$2" load', "", image, dockerHost]);
  }
  return {
    swarm,
    gate,
    platform: {
      ...local,
      dockerHost,
      hostAddress: HOST_ADDRESS,
      registry: `http://${registry}`,
      pulumiEnv: { ...local.pulumiEnv, DOCKER_HOST: dockerHost },
    },
    async [Symbol.asyncDispose]() {
      await swarm[Symbol.asyncDispose]();
      await gate[Symbol.asyncDispose]();
    },
  };
}
