import * as pulumi from "@pulumi/pulumi";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { readServices } from "../../docker-engine/services";
import { getEngine } from "../engine";
import { pluginEnvironment } from "../environment";
import { userResourceError } from "../user-error";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import { whyUnreachable } from "./reach-registry";

/**
 * Checks that the registry answers. Any answer will do, even a refusal. If a service already runs
 * the image, nothing is pushed, so an unreachable registry is only worth a warning.
 * @throws {pulumi.ResourceError} that names the registry if it does not answer
 */
export async function checkRegistry(
  resource: pulumi.Resource,
  registry: RegistryAddress,
  image: string,
): Promise<void> {
  const reason = await whyUnreachable(registry, pluginEnvironment());
  if (reason === undefined) return;
  const message = `the registry ${registry.host} cannot be reached (${reason})`;
  if (await isRunning(getEngine(resource).api, image)) {
    void pulumi.log.warn(
      `${message}: nodes that do not have the image yet cannot start replicas.`,
      resource,
    );
  } else {
    throw userResourceError(`${message}: check \`registry.address\``, resource);
  }
}

/** Whether a service of the swarm runs the image. */
async function isRunning(engine: ObjectReader, image: string): Promise<boolean> {
  const services = await readServices(engine);
  return services.some((service) => service.image.startsWith(`${image}@`));
}
