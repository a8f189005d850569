import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { inputOf, messageOf, plainError } from "../plain-error";
import type { RegistrySettings } from "../settings/stack-settings";
import { EngineApi } from "./engine-api";

/**
 * The docker provider, with the credentials of the registry: they stand here and not on the service, since a service is
 * replaced when its credentials change.
 */
export function createDockerProvider(name: string, registry: RegistrySettings): docker.Provider {
  const credentials = [registryAuth(registry)];
  return new docker.Provider(name, {
    // Every resource waits for its provider: if the engine is away that is said once, before anything is made.
    registryAuth: pulumi.runtime.isDryRun()
      ? credentials
      : inputOf(pingEngine().then(() => credentials)),
  });
}

/** @throws {pulumi.RunError} if the Docker engine cannot be reached */
async function pingEngine(): Promise<void> {
  try {
    await new EngineApi(process.env).ping();
  } catch (error) {
    throw plainError(messageOf(error));
  }
}

function registryAuth({ host, plainHttp, username, password }: RegistrySettings) {
  const address = plainHttp ? `http://${host}` : host;
  if (username !== undefined && password !== undefined) {
    return { address, username, password: pulumi.secret(password) };
  }
  return hasLogin(host) ? { address } : { address, authDisabled: true };
}

/** Whether `docker login` on this machine left credentials for the registry; the provider reads them itself. */
function hasLogin(host: string): boolean {
  const path = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  if (!existsSync(path)) return false;
  const config = JSON.parse(readFileSync(path, "utf8")) as {
    readonly auths?: Record<string, unknown>;
    readonly credHelpers?: Record<string, unknown>;
  };
  const hosts = [...Object.keys(config.auths ?? {}), ...Object.keys(config.credHelpers ?? {})];
  return hosts.some((entry) => entry.replace(/^https?:\/\//, "").split("/")[0] === host);
}
