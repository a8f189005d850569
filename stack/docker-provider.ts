import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { findMachineAuth, buildAuth } from "../components/image/login-provider";
import { asInput, getMessage, userError } from "../components/user-error";
import type { RegistrySettings } from "./stack-settings";
import { getProviderArgs } from "../docker-engine/environment";
import { EngineApi } from "../docker-engine/api";

/**
 * The docker provider, for the engine of this shell and with the credentials of the registry: they
 * stand here and not on the service, since a service is replaced when its credentials change.
 * @throws {pulumi.RunError} if the engine's address cannot be understood
 */
export function createDockerProvider(name: string, registry: RegistrySettings): docker.Provider {
  const engine = whereEngineIs();
  return new docker.Provider(name, {
    ...engine,
    registryAuth: asInput(pulumi.runtime.isDryRun() ? credentials(registry) : whenThere(registry)),
  });
}

function whereEngineIs() {
  try {
    return getProviderArgs(process.env);
  } catch (error) {
    throw userError(getMessage(error));
  }
}

/**
 * Every resource waits for its provider: if the engine is away that is said once, before anything
 * is made.
 */
async function whenThere(registry: RegistrySettings) {
  await pingEngine();
  return credentials(registry);
}

/** @throws {pulumi.RunError} if the Docker engine cannot be reached */
async function pingEngine(): Promise<void> {
  try {
    await EngineApi.of(process.env).ping();
  } catch (error) {
    throw userError(getMessage(error));
  }
}

async function credentials(registry: RegistrySettings) {
  const { username, password } = registry;
  return username === undefined || password === undefined
    ? findMachineAuth(registry)
    : [buildAuth(registry, username, password)];
}
