import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { pluginEnvironment } from "../environment";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import type { Credentials } from "../image/registry-credentials";
import { whyRejected } from "./check-login";
import { createRegistryTransport } from "./transport";

/**
 * A docker provider with a login that the user has set, not one that was found on this machine.
 * Swarm keeps a copy of the login with each service. A new login changes no property of a service,
 * so a pool with this provider adds a label to its service that changes with the login.
 */
export class LoginProvider extends docker.Provider {
  /** @param login a secret. It resolves once the registry has had a chance to reject the login. */
  constructor(
    name: string,
    args: docker.ProviderArgs,
    readonly login: pulumi.Output<Credentials>,
    opts?: pulumi.ResourceOptions,
  ) {
    super(name, args, opts);
  }
}

/** How messages name the settings of a login. */
export interface LoginNames {
  /** @example "REGISTRY_USERNAME (`registry.username`)" */
  readonly username: string;
  readonly password: string;
}

/**
 * Checks that a registry does not reject a login. Swarm would take a wrong login from the service's
 * next update, and replicas could then start only on nodes that have the image already. A preview
 * does not check the login, because its machine may not reach the registry.
 * @returns the error message; undefined if the registry does not reject the login
 */
export async function findLoginProblem(
  registry: RegistryAddress,
  credentials: Credentials,
  names: LoginNames,
): Promise<string | undefined> {
  if (pulumi.runtime.isDryRun()) return undefined;
  const transport = createRegistryTransport(pluginEnvironment());
  const words = await whyRejected(registry, credentials, transport);
  if (words === undefined) return undefined;
  const user = `user ${credentials.username}`;
  return `${registry.host} rejects the login of ${user} (${words}), so nothing was changed: correct ${names.password} or ${names.username}`;
}
