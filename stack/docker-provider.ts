import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { findMachineAuth, buildAuth } from "../components/image/login-provider";
import { asInput, getMessage, userError } from "../components/user-error";
import type { RegistrySettings } from "./stack-settings";
import { getProviderArgs } from "../docker-engine/environment";
import { EngineApi } from "../docker-engine/api";

/**
 * Creates the docker provider for the engine of this shell, with the login of the registry. If the
 * service had the login, a new login would replace the service.
 * @throws {pulumi.RunError} if the engine's address is invalid
 */
export function createDockerProvider(name: string, registry: RegistrySettings): docker.Provider {
  const engine = findEngine();
  return new docker.Provider(name, {
    ...engine,
    registryAuth: asInput(
      pulumi.runtime.isDryRun() ? findLogin(registry) : findLoginOnceReachable(registry),
    ),
  });
}

function findEngine() {
  try {
    return getProviderArgs(process.env);
  } catch (error) {
    throw userError(getMessage(error));
  }
}

/**
 * Finds the login once the engine answers. Every resource waits for its provider, so an unreachable
 * engine is reported once, before anything is created.
 */
async function findLoginOnceReachable(registry: RegistrySettings) {
  await pingEngine();
  return findLogin(registry);
}

/** @throws {pulumi.RunError} if the Docker engine cannot be reached */
async function pingEngine(): Promise<void> {
  try {
    await EngineApi.fromEnv(process.env).ping();
  } catch (error) {
    throw userError(getMessage(error));
  }
}

async function findLogin(registry: RegistrySettings) {
  const { username, password } = registry;
  return username === undefined || password === undefined
    ? findMachineAuth(registry)
    : [buildAuth(registry, username, password)];
}
