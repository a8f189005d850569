import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { RegistrySettings } from "../settings/stack-settings";

/**
 * The docker provider, with the credentials of the registry: they stand here and not on the service, since a service is
 * replaced when its credentials change.
 */
export function createDockerProvider(name: string, registry: RegistrySettings): docker.Provider {
  return new docker.Provider(name, { registryAuth: [registryAuth(registry)] });
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
