import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { findDockerProvider, getEngineArgs } from "../engine";
import { pluginEnvironment } from "../environment";
import { asInput } from "../user-error";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import type { ImageRegistry } from "./image-registry";
import { findLogin } from "./registry-login";

type RegistryAuth = docker.types.input.ProviderRegistryAuth;

/**
 * Creates a docker provider with the login of a registry: the login in the arguments, or that of
 * `docker login`. It uses the same engine as the provider that the component gets.
 * @returns undefined if the program's own provider has the login
 */
export function createLoginProvider(
  image: pulumi.Resource,
  name: string,
  { address, login }: ImageRegistry,
): docker.Provider | undefined {
  const isKnown =
    findDockerProvider(image) !== undefined || docker.config.registryAuth !== undefined;
  if (login.kind !== "own" && isKnown) return undefined;
  const registryAuth = address.apply(async (registry) =>
    login.kind === "own"
      ? [buildAuth(registry, login.username, login.password)]
      : asInput(findMachineAuth(registry)),
  );
  return new docker.Provider(name, { ...getEngineArgs(image), registryAuth }, { parent: image });
}

/** Finds the login that `docker push` on this machine would use, as a provider's argument. */
export async function findMachineAuth(registry: RegistryAddress): Promise<RegistryAuth[]> {
  const login = await findLogin(
    registry.host,
    pluginEnvironment(),
    (sentence) => void pulumi.log.warn(sentence),
  );
  const address = toAuthAddress(registry);
  switch (login.kind) {
    case "none":
      return [{ address, authDisabled: true }];
    case "found":
      return [{ address }];
    case "explicit":
      return [buildAuth(registry, login.username, login.password)];
  }
}

/** Builds a provider's argument for a user and password. */
export function buildAuth(
  registry: RegistryAddress,
  username: pulumi.Input<string>,
  password: pulumi.Input<string>,
): RegistryAuth {
  return { address: toAuthAddress(registry), username, password: pulumi.secret(password) };
}

/** Formats an address as the docker provider expects it. */
function toAuthAddress({ host, plainHttp }: RegistryAddress): string {
  return plainHttp ? `http://${host}` : host;
}
