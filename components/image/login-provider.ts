import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { findDockerProvider, getEngineArgs } from "../engine";
import { pluginEnvironment } from "../environment";
import { LoginProvider, findLoginProblem } from "../registry/login-provider";
import { asInput, userResourceError } from "../user-error";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import type { ImageRegistry } from "./image-registry";
import type { Credentials } from "./registry-credentials";
import { findLogin } from "./registry-login";

type RegistryAuth = docker.types.input.ProviderRegistryAuth;

/** How messages name the arguments of `RunnerImage`. */
const NAMES = { username: "`registry.username`", password: "`registry.password`" };

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
  const options = { parent: image };
  if (login.kind !== "own") {
    const registryAuth = address.apply((registry) => asInput(findMachineAuth(registry)));
    return new docker.Provider(name, { ...getEngineArgs(image), registryAuth }, options);
  }
  const checked = checkOwnLogin(image, address, login);
  const registryAuth = pulumi
    .all([address, checked])
    .apply(([registry, { username, password }]) => [buildAuth(registry, username, password)]);
  return new LoginProvider(name, { ...getEngineArgs(image), registryAuth }, checked, options);
}

/** Returns the login once the registry has had a chance to reject it. */
function checkOwnLogin(
  image: pulumi.Resource,
  address: pulumi.Output<RegistryAddress>,
  { username, password }: { readonly [Key in keyof Credentials]: pulumi.Input<string> },
): pulumi.Output<Credentials> {
  const credentials = pulumi.output({ username, password: pulumi.secret(password) });
  return pulumi.all([address, credentials]).apply(([registry, given]) =>
    asInput(
      findLoginProblem(registry, given, NAMES).then((problem) => {
        if (problem !== undefined) throw userResourceError(problem, image);
        return given;
      }),
    ),
  );
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
