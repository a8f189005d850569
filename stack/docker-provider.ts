import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { findMachineAuth, buildAuth } from "../components/image/login-provider";
import type { Credentials } from "../components/image/registry-credentials";
import { pluginEnvironment } from "../components/environment";
import { findJobLoginProblems, type JobLogin } from "../components/registry/job-logins";
import { createRegistryTransport } from "../components/registry/transport";
import { LoginProvider, findLoginProblem } from "../components/registry/login-provider";
import { asInput, getMessage, userError } from "../components/user-error";
import type { RegistrySettings } from "./stack-settings";
import { getProviderArgs } from "../docker-engine/environment";
import { EngineApi } from "../docker-engine/api";

/**
 * How long a registry of images of jobs may take to answer a request. It delays the update, and
 * only the nodes need to reach the registry.
 */
const JOB_REGISTRY_TIMEOUT_MS = 5_000;

/**
 * Creates the docker provider for the engine of this shell, with the login of the registry. If the
 * service had the login, a new login would replace the service. Every resource waits for its
 * provider, so a rejected login is reported before anything is created.
 * @param jobLogins logins to check for the images of jobs
 * @throws {pulumi.RunError} if the engine's address is invalid
 */
export function createDockerProvider(
  name: string,
  registry: RegistrySettings,
  jobLogins: readonly JobLogin[] = [],
): docker.Provider {
  const engine = findEngine();
  const reachable = Promise.all([
    pulumi.runtime.isDryRun() ? undefined : pingEngine(),
    checkJobLogins(jobLogins),
  ]);
  const { username, password } = registry;
  if (username === undefined || password === undefined) {
    const registryAuth = asInput(reachable.then(() => findMachineAuth(registry)));
    return new docker.Provider(name, { ...engine, registryAuth });
  }
  const checked = asInput(reachable.then(() => checkLogin(registry, { username, password })));
  const login = pulumi.secret(checked);
  const registryAuth = login.apply((known) => [
    buildAuth(registry, known.username, known.password),
  ]);
  return new LoginProvider(name, { ...engine, registryAuth }, login);
}

function findEngine() {
  try {
    return getProviderArgs(process.env);
  } catch (error) {
    throw userError(getMessage(error));
  }
}

/**
 * Waits until the engine answers. Every resource waits for its provider, so an unreachable engine
 * is reported once, before anything is created.
 * @throws {pulumi.RunError} if the Docker engine cannot be reached
 */
async function pingEngine(): Promise<void> {
  try {
    await EngineApi.fromEnv(process.env).ping();
  } catch (error) {
    throw userError(getMessage(error));
  }
}

/** @throws {pulumi.RunError} if the registry rejects the login */
async function checkLogin(registry: RegistrySettings, login: Credentials): Promise<Credentials> {
  const problem = await findLoginProblem(registry, login, registry.loginNames);
  if (problem !== undefined) throw userError(problem);
  return login;
}

/** @throws {pulumi.RunError} if a registry rejects the login for images of jobs */
async function checkJobLogins(logins: readonly JobLogin[]): Promise<void> {
  const transport = createRegistryTransport(pluginEnvironment(), JOB_REGISTRY_TIMEOUT_MS);
  const problems = await findJobLoginProblems(logins, transport);
  if (problems.length > 0) throw userError(problems.join("\n"));
}
